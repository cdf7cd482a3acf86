//! Vectors that every language is held to: read from `plugins/vectors/`, compared, and written anew
//! when asked.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// Set to 1, this makes the tests write down what the core answers, in the place of comparing.
/// What changed is then to be read in the difference before it is committed.
const WRITE: &str = "EKS_TOKEN_WRITE_VECTORS";

/// The vectors of `name` below `plugins/vectors/`. What each expects is compared with what `answer`
/// makes of it, all of them, so that one failure shows every difference.
pub(crate) fn compare(name: &str, answer: impl Fn(&Value) -> Value) {
    let mut document = load(name);
    let mut differing = Vec::new();
    for vector in document["vectors"].as_array_mut().expect("a list of vectors") {
        let answered = answer(vector);
        if vector["expected"] != answered {
            differing.push(format!("{}: {answered}", vector["name"]));
            vector["expected"] = answered;
        }
    }
    if env::var(WRITE).is_ok_and(|it| it == "1") {
        let mut text = serde_json::to_string_pretty(&document).expect("JSON");
        text.push('\n');
        fs::write(path(name), text).expect("the vectors can be written");
    } else {
        assert!(differing.is_empty(), "not as in {name} ({WRITE}=1 writes it): {differing:#?}");
    }
}

/// The vectors of `name`, as a list.
pub(crate) fn vectors(name: &str) -> Vec<Value> {
    load(name)["vectors"].as_array().expect("a list of vectors").clone()
}

/// The text of a field that must be there.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The number of a field, where there is one.
pub(crate) fn number(value: &Value) -> Option<u64> {
    if value.is_null() { None } else { Some(value.as_u64().expect("a whole number")) }
}

fn load(name: &str) -> Value {
    let text = fs::read_to_string(path(name)).expect("the vectors can be read");
    serde_json::from_str(&text).expect("the vectors are JSON")
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/vectors").join(name)
}
