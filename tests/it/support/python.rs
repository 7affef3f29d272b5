//! Python's libraries, for what other programs sign and read: PyJWT, and the official clients of language models; installed once, beside
//! the build.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

static TICKETS: OnceLock<String> = OnceLock::new();
static MODELS: OnceLock<String> = OnceLock::new();

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python"))
}

/// Where the libraries of a list lie, of which `one` is the last to be there.
fn library(known: &'static OnceLock<String>, place: &str, list: &str, one: &str) -> &'static str {
    known.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(place);
        if !target.join(one).is_dir() {
            let installed = Command::new("python3")
                .args(["-m", "pip", "install", "--quiet", "--target"])
                .arg(&target)
                .args(["-r", list])
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
        .env("PYTHONPATH", library(&TICKETS, "python", "requirements.txt", "jwt"))
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

/// What the official client of a wire makes of an answer; see `model.py`.
pub async fn ask_model(question: Value) -> Value {
    let output = actix_web::web::block(move || {
        let mut python = Command::new("python3")
            .arg("model.py")
            .current_dir(folder())
            // These clients take keys and addresses out of the environment: nobody's own shall come in.
            .env_clear()
            .envs(std::env::vars().filter(|(name, _)| name == "PATH" || name == "HOME"))
            .env("PYTHONPATH", library(&MODELS, "python-models", "model-requirements.txt", "openai"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is needed: ./check installs it");
        python.stdin.take().expect("its input").write_all(format!("{question}\n").as_bytes()).expect("written");
        python.wait_with_output().expect("it ends")
    });
    let output = output.await.expect("it ran");
    serde_json::from_slice(&output.stdout).expect("a line of JSON")
}
