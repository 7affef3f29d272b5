//! PyJWT, for tickets that another program has signed; installed once, beside the build.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

static LIBRARY: OnceLock<String> = OnceLock::new();

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python"))
}

/// Where PyJWT lies.
fn library() -> &'static str {
    LIBRARY.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
        if !target.join("jwt").is_dir() {
            let installed = Command::new("python3")
                .args(["-m", "pip", "install", "--quiet", "--target"])
                .arg(&target)
                .args(["-r", "requirements.txt"])
                .current_dir(folder())
                .output()
                .expect("python3 is needed: ./check installs it");
            assert!(installed.status.success(), "pip install: {}", String::from_utf8_lossy(&installed.stderr));
        }
        target.display().to_string()
    })
}

/// A token for each case: `claims`, `secret`, and, where they are not the usual ones, `alg` and `headers`.
pub fn tickets(cases: &[Value]) -> Vec<String> {
    let mut python = Command::new("python3")
        .arg("tickets.py")
        .current_dir(folder())
        .env("PYTHONPATH", library())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed: ./check installs it");
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    python.stdin.take().expect("its input").write_all(lines.as_bytes()).expect("written");
    let output = python.wait_with_output().expect("it ends");
    let tokens: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    assert_eq!(tokens.len(), cases.len(), "one token a case");
    tokens
}
