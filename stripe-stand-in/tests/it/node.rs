//! Stripe's official Node library walks the whole stand-in.

use std::path::Path;
use std::process::Command;

use stripe_stand_in::{Options, StandIn};

#[test]
fn stripes_official_client_finds_stripe() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    if !folder.join("node_modules/stripe").is_dir() {
        let installed = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder).output();
        let installed = installed.expect("npm is needed: ./check installs it");
        assert!(installed.status.success(), "npm ci: {}", String::from_utf8_lossy(&installed.stderr));
    }
    let one = StandIn::start(Options::default()).expect("a stand-in");
    let checked = Command::new("node")
        .arg("check.mjs")
        .current_dir(&folder)
        .env("STRIPE_API_BASE", &one.url)
        .env("STRIPE_SECRET_KEY", &one.secret_key)
        .output()
        .expect("node is needed: ./check installs it");
    let told = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success(), "{told}{}", String::from_utf8_lossy(&checked.stderr));
    assert!(told.contains("all well"), "{told}");
}
