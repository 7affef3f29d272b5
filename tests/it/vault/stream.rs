//! 200 MB in and out, with the memory measured. Client and server share the process, so the server alone needs less.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use reqwest::multipart::{Form, Part};

use super::pages::upload;
use crate::support::Installation;

const SIZE: u64 = 199 * 1024 * 1024;

/// `VmHWM` (the most so far) and `VmRSS` (now), in kB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// In a process of its own, so that other tests' memory does not count.
#[test]
fn two_hundred_megabytes_go_in_and_out_with_less_than_64_mb_more_memory() {
    let program = std::env::current_exe().expect("this program");
    let output = std::process::Command::new(program)
        .args(["--exact", "vault::stream::measured", "--ignored", "--nocapture"])
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

#[actix_web::test]
#[ignore = "run by the test above, alone in its process"]
async fn measured() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let piece = Bytes::from(b"The same line of text, again and again.\n".repeat(1_638)); // just below 64 KiB
    // Warm: one small upload and download.
    let small = Form::new()
        .text("category", "contracts")
        .text("audience", "staff")
        .part("file", Part::bytes(piece.to_vec()).file_name("a.txt"));
    let page = upload(&mut tom, small).await.expect(303).location().to_owned();
    tom.get(&format!("{page}/download")).await.expect(200);

    std::fs::write("/proc/self/clear_refs", "5").expect("the high-water mark is reset");
    let before = memory("VmRSS");
    let started = std::time::Instant::now();
    let mut left = SIZE;
    let pieces: Vec<usize> = std::iter::from_fn(|| {
        let now = left.min(piece.len() as u64);
        left -= now;
        (now > 0).then_some(now as usize)
    })
    .collect();
    let body = stream::iter(pieces.into_iter().map(move |size| Ok::<_, std::io::Error>(piece.slice(..size))));
    let part = Part::stream_with_length(reqwest::Body::wrap_stream(body), SIZE).file_name("large.txt");
    let form = Form::new().text("category", "contracts").text("audience", "staff").part("file", part);
    let page = upload(&mut tom, form).await.expect(303).location().to_owned();
    let sent = started.elapsed();

    let response = tom.request(reqwest::Method::GET, &format!("{page}/download")).send().await.expect("an answer");
    assert_eq!(response.content_length(), Some(SIZE));
    let mut came = 0;
    let mut bytes = response.bytes_stream();
    while let Some(piece) = bytes.next().await {
        came += piece.expect("bytes").len() as u64;
    }
    assert_eq!(came, SIZE);
    let grown = memory("VmHWM").saturating_sub(before);
    println!("sent in {sent:?}, both in {:?}, memory grew by {grown} kB", started.elapsed());
    assert!(grown < 64 * 1024, "memory grew by {grown} kB");
}
