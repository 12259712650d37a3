//! Which requests have the API key.

use crate::support::{SAMPLE, assert_edit, edited, errors, generate};

const OPERATION: &str = "      operationId: createCustomIntegration\n";
const DOCUMENT: &str = "security:\n  - bearerAuth: []\n";
const SCHEME: &str = "      type: http\n      scheme: bearer\n";

#[test]
fn security_must_be_a_bearer_token() {
    let basic = SCHEME.replace("bearer", "basic");
    let api_key = "      type: apiKey\n      in: header\n      name: X-Key\n";
    for scheme in [&basic, api_key] {
        assert_edit(
            SCHEME,
            scheme,
            "bearerAuth",
            "the security scheme `bearerAuth` is not a bearer token; write `type: http` and `scheme: bearer`",
        );
    }
    for scheme in [
        "      type: http\n      scheme: Bearer\n",
        "      type: oauth2\n      flows: {}\n",
        "      type: openIdConnect\n      openIdConnectUrl: https://example.com\n",
    ] {
        assert_eq!(errors(&edited(SCHEME, scheme)), [], "{scheme}");
    }
}

#[test]
fn one_alternative_must_be_enough() {
    let schemes = "    bearerAuth:\n";
    let document = edited(
        schemes,
        &format!(
            "    basicAuth: {{ type: http, scheme: basic }}\n    other: {{ type: http, scheme: bearer }}\n{schemes}"
        ),
    );
    for (security, expected) in [
        ("[{ bearerAuth: [] }, { basicAuth: [] }]", None),
        ("[{ basicAuth: [] }, { other: [] }]", None),
        ("[{}, { basicAuth: [] }]", None),
        (
            "[{ basicAuth: [] }]",
            Some("the security scheme `basicAuth` is not a bearer token"),
        ),
        (
            "[{ bearerAuth: [], basicAuth: [] }]",
            Some("the security scheme `basicAuth` is not a bearer token"),
        ),
        (
            "[{ bearerAuth: [], other: [] }]",
            Some("`security` requires two credentials at once; require one bearer scheme"),
        ),
    ] {
        let document = document.replacen(
            OPERATION,
            &format!("{OPERATION}      security: {security}\n"),
            1,
        );
        let found = errors(&document);
        match expected {
            None => assert_eq!(found, [], "{security}"),
            Some(expected) => assert!(
                matches!(&found[..], [(_, line)] if line.starts_with(expected)),
                "{security}: {found:#?}"
            ),
        }
    }
}

#[test]
fn document_must_decide_about_the_key() {
    let missing = edited(DOCUMENT, "");
    assert!(
        matches!(&errors(&missing)[..], [(_, line)] if line.starts_with("the document has no `security`; require the bearer scheme, or write `security: []` if the API needs no key")),
    );
    assert_eq!(errors(&edited(DOCUMENT, "security: []\n")), []);
    let own = "      tags: [Integrations]\n";
    let each = missing.replace(
        own,
        &format!("{own}      security: [{{ bearerAuth: [] }}]\n"),
    );
    assert_eq!(errors(&each), []);
}

/// Returns the number of operations without an API key.
fn without_key(document: &str) -> usize {
    let operations = generate(document).unwrap().operations;
    operations.matches(".without_api_key()").count()
}

#[test]
fn request_has_no_key_without_a_requirement() {
    let own = |security: &str| format!("{OPERATION}      security: {security}\n");
    assert_eq!(without_key(SAMPLE), 0);
    assert_eq!(without_key(&edited(OPERATION, &own("[]"))), 1);
    assert_eq!(without_key(&edited(OPERATION, &own("[{}]"))), 1);
    let optional = own("[{}, { bearerAuth: [] }]");
    assert_eq!(without_key(&edited(OPERATION, &optional)), 0);
    let public = edited(DOCUMENT, "security: []\n");
    assert_eq!(without_key(&public), 2);
    let one = public.replacen(OPERATION, &own("[{ bearerAuth: [] }]"), 1);
    assert_eq!(without_key(&one), 1);
}
