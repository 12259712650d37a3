//! Which operations change nothing.

use crate::support::{SAMPLE, assert_error, edited, errors, generate};

const ID: &str = "      operationId: createCustomIntegration\n";

/// Returns the value of `is_safe` of each operation.
fn safety(document: &str) -> Vec<(String, bool)> {
    let operations = generate(document).unwrap().operations;
    let infos = operations.split("OperationInfo {").skip(1);
    infos
        .map(|info| {
            let id = info.split('"').nth(1).unwrap();
            let safe = info.split("is_safe: ").nth(1).unwrap();
            (id.to_owned(), safe.starts_with("true"))
        })
        .collect()
}

#[test]
fn post_is_safe_only_if_marked() {
    let register = ("register_custom_integration".to_owned(), false);
    let create = |is_safe| ("create_custom_integration".to_owned(), is_safe);
    assert_eq!(safety(SAMPLE), [register.clone(), create(false)]);
    let marked = edited(ID, &format!("{ID}      x-safe: true\n"));
    assert_eq!(safety(&marked), [register, create(true)]);
}

#[test]
fn method_decides_whether_other_operations_are_safe() {
    for (method, is_safe) in [
        ("get", true),
        ("head", true),
        ("put", false),
        ("patch", false),
        ("delete", false),
    ] {
        let (before, after) = SAMPLE.split_once("/v2/").unwrap();
        let after = after.replacen("    post:", &format!("    {method}:"), 1);
        let body =
            "      requestBody:\n        $ref: \"#/components/requestBodies/CustomIntegration\"\n";
        let document = format!("{before}/v2/{}", after.replacen(body, "", 1));
        let found = safety(&document);
        let create = ("create_custom_integration".to_owned(), is_safe);
        assert!(found.contains(&create), "{method}: {found:?}");
    }
}

#[test]
fn parameters_named_like_variables_do_not_hide_the_operation() {
    let document = edited(ID, &format!("{ID}      x-safe: true\n"));
    let document = document.replace("teamId", "info");
    assert!(safety(&document).contains(&("create_custom_integration".to_owned(), true)));
}

#[test]
fn reports_mark_that_has_no_effect() {
    for value in ["false", "'yes'", "1"] {
        let underlined = value.trim_matches('\'');
        let found = errors(&edited(ID, &format!("{ID}      x-safe: {value}\n")));
        assert!(
            matches!(&found[..], [(text, line)] if text.contains(underlined) && line.starts_with("`x-safe` can only be `true`")),
            "{value}: {found:#?}"
        );
    }
    let (before, after) = SAMPLE.split_once("/v2/").unwrap();
    for method in ["get", "delete"] {
        let after = after
            .replacen("    post:", &format!("    {method}:"), 1)
            .replacen(ID, &format!("{ID}      x-safe: true\n"), 1)
            .replacen("      requestBody:\n        $ref: \"#/components/requestBodies/CustomIntegration\"\n", "", 1);
        assert_error(
            &format!("{before}/v2/{after}"),
            "x-safe",
            &format!("`x-safe` has no effect with the method `{method}`; remove it; HTTP defines"),
        );
    }
    assert_error(
        &edited(ID, &format!("{ID}      x-saf: true\n")),
        "x-saf",
        "unknown key `x-saf` in an operation; did you mean `x-safe`?",
    );
}

#[test]
fn misspelled_method_is_the_only_error_of_a_safe_operation() {
    let (before, after) = SAMPLE.split_once("/v2/").unwrap();
    let after = after.replacen("    post:", "    pst:", 1).replacen(
        ID,
        &format!("{ID}      x-safe: true\n"),
        1,
    );
    assert_error(
        &format!("{before}/v2/{after}"),
        "pst",
        "unknown key `pst` in a path; did you mean `put`?",
    );
}
