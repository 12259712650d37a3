//! One line with a wrong layout is one error, which names the line and its intended place.

use crate::support::{SAMPLE, assert_edit, assert_error, edited, errors};

/// Moves lines of the sample by a number of spaces.
fn moved(lines: &str, from: usize, to: usize) -> String {
    let moved: String = lines
        .split_inclusive('\n')
        .map(|line| " ".repeat(to) + line.strip_prefix(&" ".repeat(from)).unwrap())
        .collect();
    edited(lines, &moved)
}

const MESSAGE: &str = "        message:\n          description: What went wrong, in a sentence.\n          type: string\n";

#[test]
fn property_at_the_level_of_the_schema_is_one_error() {
    assert_error(
        &moved(MESSAGE, 8, 6),
        "message",
        "unknown key `message` in a schema; is it meant to be one of `properties`, 4 lines above? If so, indent it by 8 spaces instead of 6",
    );
    // Without the lines below it.
    let key = "        message:\n          description: What went wrong, in a sentence.\n";
    assert_edit(
        key,
        &key.replacen("        message", "      message", 1),
        "message",
        "the indentation of `message` is wrong; is it meant to be one of `properties`, 4 lines above?",
    );
    // Of another schema, far from its `properties`.
    let last = "        shared:\n          description: Whether the integration is shared.\n          type: boolean\n";
    assert_error(
        &moved(last, 8, 6),
        "shared",
        "unknown key `shared` in a schema; is it meant to be one of `properties`, 35 lines above?",
    );
}

#[test]
fn key_that_is_indented_too_far_is_one_error() {
    assert_error(
        &moved(MESSAGE, 8, 10),
        "message",
        "unknown key `message` in a schema; is it meant to be one of `properties`, 4 lines above? If so, indent it by 8 spaces instead of 10",
    );
    let schema = "    PlainError:\n";
    assert_edit(
        schema,
        "      PlainError:\n",
        "PlainError",
        "unknown key `PlainError` in a schema; is it meant to be one of `schemas`, 77 lines above?",
    );
    assert_edit(
        "  headers:\n",
        "    headers:\n",
        "headers",
        "the indentation of `headers` is wrong; is it meant to be a key of `components`, 127 lines above? If so, indent it by 2 spaces instead of 4",
    );
}

#[test]
fn key_next_to_a_reference_is_one_error() {
    let status = "        \"400\":\n";
    assert_edit(
        status,
        &format!("  {status}"),
        "\"400\"",
        "the indentation of `400` is wrong; is it meant to be one of `responses`, 3 lines above? If so, indent it by 8 spaces instead of 10",
    );
}

#[test]
fn block_at_a_wrong_level_is_one_error() {
    for (lines, from, to, underlined, expected) in [
        (
            "      requestBody:\n        $ref: \"#/components/requestBodies/CustomIntegration\"\n",
            6,
            4,
            "requestBody",
            "the indentation of `requestBody` is wrong; is it meant to be a key of `post`, 7 lines above?",
        ),
        (
            "components:\n",
            0,
            2,
            "components",
            "the indentation of `components` is wrong; is it meant to be a key of the document? If so, indent it by 0 spaces instead of 2",
        ),
        (
            "  schemas:\n",
            2,
            0,
            "schemas",
            "the indentation of `schemas` is wrong; is it meant to be a key of `components`, 26 lines above?",
        ),
        (
            "      properties:\n        error:\n",
            6,
            4,
            "properties",
            "the indentation of `properties` is wrong; is it meant to be a key of `PlainError`, 4 lines above?",
        ),
        (
            "            type: string\n          example: team_01hzx3f8q2\n",
            12,
            10,
            "type",
            "unknown key `type` in a parameter; is it meant to be a key of `schema`, one line above?",
        ),
    ] {
        let (first, rest) = lines.split_once('\n').unwrap();
        let whole = " ".repeat(to) + &first[from..] + "\n" + rest;
        assert_error(&edited(lines, &whole), underlined, expected);
    }
}

#[test]
fn component_that_takes_its_next_siblings_along_is_one_error() {
    let start = SAMPLE.find("    TransportType:\n").unwrap();
    let end = SAMPLE.find("    PlainError:\n").unwrap();
    let block = &SAMPLE[start..end];
    let moved: String = block
        .split_inclusive('\n')
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    assert_edit(
        block,
        &moved,
        "TransportType",
        "unknown key `TransportType` in `components`; is it meant to be one of `schemas`, 72 lines above? If so, indent it by 4 spaces instead of 2",
    );
}

#[test]
fn syntax_error_names_the_line_that_causes_it() {
    for (from, to, underlined, expected) in [
        (
            "      operationId: createCustomIntegration\n",
            "      operationId createCustomIntegration\n",
            "operationId createCustomIntegration",
            "`operationId createCustomIntegration` is a key without `: `; write a colon and a space after the key",
        ),
        (
            "      operationId: createCustomIntegration\n",
            "      operationId:createCustomIntegration\n",
            "operationId",
            "`operationId` is a key without `: `",
        ),
        (
            "    PlainError:\n",
            "    PlainError\n",
            "PlainError",
            "`PlainError` is a key without `: `",
        ),
        (
            "          type: string\n          minLength: 1\n        auth",
            "          type: string\n         minLength: 1\n        auth",
            "minLength",
            "the indentation of `minLength` is wrong; is it meant to be a key of `name`, 3 lines above? If so, indent it by 10 spaces instead of 9",
        ),
        (
            "            $ref: \"#/components/schemas/PlainError\"\n",
            "            $ref: \"#/components/schemas/PlainError\n",
            "$ref",
            "the line has a quote without another one; end the text with the same quote",
        ),
        (
            "      operationId: createCustomIntegration\n",
            "\toperationId: createCustomIntegration\n",
            "\t",
            "the line is indented with a tab; indent it with spaces; YAML allows no tabs",
        ),
    ] {
        assert_edit(from, to, underlined, expected);
    }
}

#[test]
fn other_errors_are_reported_too() {
    let document = moved(MESSAGE, 8, 6).replacen("  - bearerAuth: []", "  - bearerauth: []", 1);
    let document = document.replacen(
        "          format: uri\n",
        "          format: uri\n          shade: red\n",
        1,
    );
    let found = errors(&document);
    let underlined: Vec<_> = found.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(underlined, ["bearerauth", "shade", "message"], "{found:#?}");
    // Two lines with a wrong indentation.
    let document = moved(MESSAGE, 8, 6).replacen("  headers:\n", "    headers:\n", 1);
    let found = errors(&document);
    let underlined: Vec<_> = found.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(underlined, ["message", "headers"], "{found:#?}");
}

#[test]
fn layout_is_not_blamed_for_other_errors() {
    for (from, to, underlined, expected) in [
        (
            "          format: uri\n",
            "          format: uri\n          shade: red\n",
            "shade",
            "unknown key `shade` in a schema; the known keys are",
        ),
        (
            "          in: path\n",
            "",
            "name: teamId",
            "a parameter has no `in`; add `in`",
        ),
        (
            "      properties:\n        error:\n",
            "      properties: 7\n      x-other:\n        error:\n",
            "7",
            "`properties` is the number 7",
        ),
    ] {
        assert_edit(from, to, underlined, expected);
    }
}

#[test]
fn line_endings_of_windows_do_not_change_the_error() {
    let document = moved(MESSAGE, 8, 6);
    let windows = format!("\u{feff}{}", document.replace('\n', "\r\n"));
    assert_eq!(errors(&windows), errors(&document));
}
