//! The arms of `oneOf` and `anyOf`.

use crate::support::{SAMPLE, assert_error, edited, errors, generate};

const OBJECTS: &str = "
    Cat: { description: C., type: object, required: [kind], properties: { kind: &text { description: K., type: string }, purrs: *text } }
    Dog: { description: D., type: object, required: [kind, barks], properties: { kind: *text, barks: *text } }
    Fish: { description: F., type: object, required: [fins], properties: { fins: *text } }
    Ghost: { description: G., type: object, required: [soul], properties: { soul: { description: S., type: string, nullable: true } } }
    Closed: { description: C., type: object, additionalProperties: false, properties: { kind: *text } }
    Labels: { description: L., type: object, additionalProperties: { type: integer } }
    Any: { description: Anything. }
    Text: { description: T., type: string }
    Number: { description: N., type: number }
    Whole: { description: N., type: integer }
    Flag: { description: F., type: boolean }
    List: { description: L., type: array, items: *text }
    Nested: { description: N., anyOf: [{ $ref: \"#/components/schemas/Fish\" }, { $ref: \"#/components/schemas/Flag\" }] }
    Merged: { description: M., allOf: [{ $ref: \"#/components/schemas/Fish\" }, { type: object, required: [kind], properties: { kind: *text } }] }
";

/// Returns the sample with a union of components, in a response or in a request.
fn with_union(place: &str, keyword: &str, arms: &[&str]) -> String {
    let arms: Vec<_> = arms
        .iter()
        .map(|arm| format!("        - $ref: \"#/components/schemas/{arm}\"\n"))
        .collect();
    let arms = arms.concat();
    let union = format!("    Pet:\n      description: P.\n      {keyword}:\n{arms}");
    let document = edited("  schemas:\n", &format!("  schemas:{OBJECTS}{union}"));
    let property = "pet:\n          description: P.\n          allOf:\n            - $ref: \"#/components/schemas/Pet\"\n        ";
    let next = match place {
        "response" => "icon_url:\n",
        _ => "oauth_client_secret:\n",
    };
    document.replacen(next, &format!("{property}{next}"), 1)
}

#[test]
fn reports_arms_that_cannot_be_distinguished() {
    for keyword in ["oneOf", "anyOf"] {
        for (place, arms) in [
            ("response", ["Cat", "Dog"]),
            ("request", ["Cat", "Dog"]),
            ("response", ["Ghost", "Cat"]),
            ("response", ["Closed", "Fish"]),
            ("request", ["Closed", "Cat"]),
            ("response", ["Any", "Cat"]),
            ("response", ["Cat", "Any"]),
            ("response", ["Number", "Whole"]),
            ("response", ["Whole", "Number"]),
            ("request", ["Text", "Text"]),
            ("response", ["List", "List"]),
            ("response", ["Nested", "Flag"]),
            ("response", ["Flag", "Nested"]),
            ("response", ["Fish", "Merged"]),
        ] {
            let later = format!("$ref: \"#/components/schemas/{}\"", arms[1]);
            assert_error(
                &with_union(place, keyword, &arms),
                &later,
                &format!(
                    "a value of this schema may also match an earlier one of the `{keyword}`, which the client would take; make a property required"
                ),
            );
        }
    }
}

#[test]
fn accepts_arms_that_can_be_distinguished() {
    for keyword in ["oneOf", "anyOf"] {
        for (place, arms) in [
            ("response", &["Dog", "Cat"] as &[_]),
            ("response", &["Dog", "Cat", "Fish", "Text"]),
            ("response", &["Fish", "Ghost"]),
            ("request", &["Closed", "Fish"]),
            ("request", &["Ghost", "Cat"]),
            ("response", &["Text", "Whole", "Flag", "List", "Fish"]),
            ("response", &["Labels", "Fish"]),
            ("response", &["Nested", "Cat"]),
            ("response", &["Merged", "Fish"]),
            ("response", &["Cat"]),
        ] {
            assert_eq!(errors(&with_union(place, keyword, arms)), [], "{arms:?}");
        }
    }
}

#[test]
fn one_value_enum_distinguishes_arms_of_a_request() {
    let arm = |kind: &str| {
        format!(
            "        - {{ type: object, required: [kind], properties: {{ kind: {{ description: K., type: string, enum: [{kind}] }} }} }}\n"
        )
    };
    let document = |second: &str| {
        with_union("request", "oneOf", &["Fish"]).replace(
            "        - $ref: \"#/components/schemas/Fish\"\n",
            &(arm("cat") + &arm(second)),
        )
    };
    assert_eq!(errors(&document("dog")), []);
    assert!(
        errors(&document("cat"))[0]
            .1
            .starts_with("a value of this schema may also match")
    );
}

#[test]
fn distinct_arms_become_an_enum() {
    for keyword in ["oneOf", "anyOf"] {
        for arms in [["Dog", "Cat"], ["Fish", "Ghost"], ["Labels", "Fish"]] {
            let types = generate(&with_union("response", keyword, &arms))
                .unwrap()
                .types;
            assert!(
                types.contains("#[serde(untagged)]\npub enum Pet {"),
                "{types}"
            );
        }
    }
}

#[test]
fn union_can_have_a_discriminator_that_it_does_not_need() {
    let union = |arms: &[&str]| {
        with_union("response", "oneOf", arms).replace(
            "      description: P.\n      oneOf",
            "      description: P.\n      discriminator: { propertyName: kind }\n      oneOf",
        )
    };
    assert_eq!(errors(&union(&["Dog", "Fish"])), []);
    assert!(
        errors(&union(&["Cat", "Dog"]))[0]
            .1
            .starts_with("a value of this schema may also match")
    );
}

#[test]
fn reports_discriminator_without_a_union() {
    let document = SAMPLE.replace(
        "    PlainError:\n",
        "    PlainError:\n      discriminator: { propertyName: error }\n",
    );
    assert_error(
        &document,
        "discriminator",
        "`discriminator` is not supported without `oneOf` or `anyOf`; declare a schema with a `oneOf` of the subtypes",
    );
}
