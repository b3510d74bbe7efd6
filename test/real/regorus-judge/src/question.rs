//! One policy with one input.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    policy: String,
    data: serde_json::Value,
    input: serde_json::Value,
    rules: Vec<String>,
    references: BTreeMap<String, serde_json::Value>,
    /// "v0" or "v1".
    syntax: String,
    /// "regorus 0.10.1" or "regorus 0.11.0".
    engine: String,
}

#[derive(Serialize)]
pub struct Answer {
    /// By rule: its value, or null where it has none.
    values: BTreeMap<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

type Values = Result<BTreeMap<String, serde_json::Value>, Box<dyn std::error::Error>>;

pub fn answer(question: &Question) -> Answer {
    let evaluated = match question.engine.as_str() {
        "regorus 0.10.1" => release::evaluate(question),
        "regorus 0.11.0" => next::evaluate(question),
        other => Err(format!("no such engine: {other}").into()),
    };
    match evaluated {
        Ok(values) => Answer { values, error: None },
        Err(error) => Answer { values: BTreeMap::new(), error: Some(format!("{error:#}")) },
    }
}

/// The engine of one version: their types are not the same types.
macro_rules! engine {
    ($name: ident, $regorus: ident) => {
        mod $name {
            use super::{BTreeMap, Question, Values};
            use $regorus::{Engine, Value};

            pub fn evaluate(question: &Question) -> Values {
                let mut engine = Engine::new();
                engine.set_rego_v0(question.syntax == "v0");
                engine.add_policy(String::new(), question.policy.clone())?;
                engine.add_data(Value::from_json_str(&question.data.to_string())?)?;
                engine.set_input_json(&question.input.to_string())?;
                let references: BTreeMap<String, serde_json::Value> = question.references.clone();
                engine.add_extension(
                    "query_reference_value".to_string(),
                    1,
                    Box::new(move |parameters: Vec<Value>| {
                        let name = parameters[0].as_string()?.to_string();
                        match references.get(&name) {
                            Some(value) => Value::from_json_str(&value.to_string()),
                            None => Ok(Value::Null),
                        }
                    }),
                )?;
                question
                    .rules
                    .iter()
                    .map(|rule| {
                        let value = engine.eval_rule(rule.clone())?;
                        // A rule without a value is undefined, which JSON has no word for.
                        let json = if value == Value::Undefined {
                            serde_json::Value::Null
                        } else {
                            serde_json::to_value(value)?
                        };
                        Ok((rule.clone(), json))
                    })
                    .collect()
            }
        }
    };
}

engine!(release, regorus_0_10);
engine!(next, regorus_0_11);
