//! Program regorus-judge: what the engine inside Trustee says of a policy, and what Trustee's TOML parser reads.
//!
//! JSON in: `questions` (policy, data, input, rules, references, syntax) and `documents` (TOML texts). JSON out: `answers`
//! and `readings`, in their order. The engine is used as Trustee uses it: one policy, data, input, one rule after another,
//! and `query_reference_value` as the only extension. Nothing here knows a rule of its own.

mod question;
mod reading;

use serde::{Deserialize, Serialize};
use std::io::Read;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    #[serde(default)]
    questions: Vec<question::Question>,
    #[serde(default)]
    documents: Vec<String>,
}

#[derive(Serialize)]
struct Verdict {
    answers: Vec<question::Answer>,
    readings: Vec<reading::Reading>,
}

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("standard input is text");
    let case: Case = serde_json::from_str(&text).unwrap_or_else(|error| {
        eprintln!("regorus-judge: {error}");
        std::process::exit(2)
    });
    let verdict = Verdict {
        answers: case.questions.iter().map(question::answer).collect(),
        readings: case.documents.iter().map(|one| reading::read(one)).collect(),
    };
    println!("{}", serde_json::to_string(&verdict).expect("a verdict is JSON"));
}
