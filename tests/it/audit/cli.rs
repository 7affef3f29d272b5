//! `one-legal audit verify`: exit 0 and the count, or exit 1 and the first bad row.

use std::process::{Command, Output};

use super::{five_lines, forge};
use crate::support::Installation;

fn verify(one: &Installation, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_one-legal"))
        .args(["audit", "verify", "--data-dir"])
        .arg(one.data_dir.path())
        .args(["--database-url", one.platform.config.database_url.expose()])
        .args(more)
        .output()
        .expect("the program runs")
}

#[actix_web::test]
async fn the_shell_verifies_and_names_the_first_bad_row() {
    let one = Installation::new().await;
    let chain = five_lines(&one).await;
    for more in [&[][..], &["--tenant", "harbor"]] {
        let good = verify(&one, more);
        let words = String::from_utf8_lossy(&good.stdout).into_owned();
        assert_eq!(good.status.code(), Some(0), "{words} {}", String::from_utf8_lossy(&good.stderr));
        assert!(words.starts_with("ok: "), "{words}");
    }
    assert_eq!(verify(&one, &["--tenant", "nobody"]).status.code(), Some(2));
    forge(&one, &format!("UPDATE audit_entry SET object = 'policy:9' WHERE chain = '{chain}' AND seq = 3")).await;
    let bad = verify(&one, &["--tenant", "harbor"]);
    let words = String::from_utf8_lossy(&bad.stdout).into_owned();
    assert_eq!(bad.status.code(), Some(1), "{words}");
    assert!(words.contains(&format!("chain {chain}, row 3: the row was changed")), "{words}");
    assert_eq!(verify(&one, &["--tenant", "pine"]).status.code(), Some(0), "another tenant's chain stands");
}
