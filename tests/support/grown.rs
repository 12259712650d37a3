//! The document with more operations than it has.

const DOCUMENT: &str = include_str!("../../openapi/duvo.yaml");

/// The document with this many more operations, each with a schema of its own.
pub fn grown(operations: usize) -> String {
    let schema = |n| {
        format!(
            "    Extra{n}Thing:\n      description: A thing.\n      type: object\n      \
             required: [id]\n      properties:\n        id:\n          description: Its id.\n          \
             type: string\n"
        )
    };
    let path = |n| {
        format!(
            "  /v2/extra{n}/{{id}}:\n    get:\n      operationId: getExtra{n}\n      summary: Get it\n      \
             description: Gets it.\n      parameters:\n        - name: id\n          in: path\n          \
             required: true\n          description: Its id.\n          schema:\n            type: string\n      \
             responses:\n        \"200\":\n          description: It.\n          content:\n            \
             application/json:\n              schema:\n                \
             $ref: \"#/components/schemas/Extra{n}Thing\"\n"
        )
    };
    let schemas: String = (0..operations).map(schema).collect();
    let paths: String = (0..operations).map(path).collect();
    DOCUMENT
        .replacen("\npaths:\n", &format!("\npaths:\n{paths}"), 1)
        .replacen("\n  schemas:\n", &format!("\n  schemas:\n{schemas}"), 1)
}
