//! The parts of the document that an edit changed, for edits that change nothing else.

use duvo_codegen::json_pointer::join;
use serde_json::Value;

/// Returns one line for each part that was added, removed or changed.
pub fn changes(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(old, new, "", &mut found);
    found
}

fn compare(old: &Value, new: &Value, pointer: &str, found: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, before) in before {
                let pointer = join(pointer, key);
                match after.get(key) {
                    Some(after) => compare(before, after, &pointer, found),
                    None => found.push(format!("removed #{pointer}")),
                }
            }
            let added = after.keys().filter(|key| !before.contains_key(*key));
            found.extend(added.map(|key| format!("added #{}", join(pointer, key))));
        }
        _ if old != new => found.push(format!("changed #{pointer}")),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_smallest_part_is_listed() {
        let old = json!({ "paths": { "/a": { "get": { "tags": ["a"] } } }, "info": {} });
        let new = json!({ "paths": { "/a": { "get": { "tags": ["b"] }, "x-a": 1 } } });
        assert_eq!(
            changes(&old, &new),
            [
                "removed #/info",
                "changed #/paths/~1a/get/tags",
                "added #/paths/~1a/x-a"
            ]
        );
        assert_eq!(changes(&old, &old), [""; 0]);
    }
}
