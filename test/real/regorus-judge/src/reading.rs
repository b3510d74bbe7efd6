//! Initialisation data, read as Trustee reads it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct InitData {
    version: String,
    algorithm: String,
    data: BTreeMap<String, String>,
}

#[derive(Serialize, Default)]
pub struct Reading {
    version: String,
    algorithm: String,
    data: BTreeMap<String, String>,
    /// Tables of the entries whose names end in `.toml`.
    tables: BTreeMap<String, serde_json::Value>,
    /// Hex of the text's digest under its own algorithm.
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub fn read(text: &str) -> Reading {
    parse(text).unwrap_or_else(|error| Reading { error: Some(error.to_string()), ..Reading::default() })
}

fn parse(text: &str) -> Result<Reading, Box<dyn std::error::Error>> {
    let InitData { version, algorithm, data } = toml::from_str(text)?;
    let digest = match algorithm.as_str() {
        "sha256" => hex(&Sha256::digest(text)),
        "sha384" => hex(&Sha384::digest(text)),
        "sha512" => hex(&Sha512::digest(text)),
        other => return Err(format!("no such algorithm: {other}").into()),
    };
    let mut tables = BTreeMap::new();
    for (name, entry) in data.iter().filter(|(name, _)| name.ends_with(".toml")) {
        let table: toml::Value = toml::from_str(entry)?;
        tables.insert(name.clone(), serde_json::to_value(table)?);
    }
    Ok(Reading { version, algorithm, data, tables, digest, error: None })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
