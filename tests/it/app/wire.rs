//! Requests that two servers could read differently are refused and the line is cut (S72).

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::Installation;

async fn connect(one: &Installation) -> TcpStream {
    TcpStream::connect(one.platform.config.bind).await.expect("a connection")
}

/// Sends the bytes and reads until the server closes; fails if it does not within some seconds.
async fn answer(one: &Installation, bytes: &[u8]) -> String {
    let mut stream = connect(one).await;
    stream.write_all(bytes).await.expect("sent");
    let mut text = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(8), stream.read_to_end(&mut text)).await;
    let text = String::from_utf8_lossy(&text).into_owned();
    // A reset is a close, too.
    assert!(read.is_ok(), "the connection is still open after: {}\n{text}", String::from_utf8_lossy(bytes));
    text
}

/// A second request hidden in the body: answered, it would be a smuggled one.
const HIDDEN: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

#[actix_web::test]
async fn a_request_of_two_lengths_is_refused_and_the_line_cut() {
    let one = Installation::new().await;
    let head = "POST /login HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let cases: &[(&str, String)] = &[
        ("length and chunks", format!("{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}")),
        ("chunks and length", format!("{head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{HIDDEN}")),
        ("two lengths", format!("{head}Content-Length: 4\r\nContent-Length: 0\r\n\r\n{HIDDEN}")),
        ("two lengths in one line", format!("{head}Content-Length: 4, 0\r\n\r\n{HIDDEN}")),
        ("a signed length", format!("{head}Content-Length: +4\r\n\r\nabcd{HIDDEN}")),
        ("a negative length", format!("{head}Content-Length: -1\r\n\r\n{HIDDEN}")),
        ("a length that is no number", format!("{head}Content-Length: 4x\r\n\r\nabcd{HIDDEN}")),
        ("a length too large for any number", format!("{head}Content-Length: 99999999999999999999\r\n\r\n{HIDDEN}")),
        ("an unknown coding", format!("{head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{HIDDEN}")),
        ("two codings", format!("{head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{HIDDEN}")),
        ("a space before the colon", format!("{head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{HIDDEN}")),
        ("a folded header", format!("{head}X-Long: one\r\n two\r\nContent-Length: 0\r\n\r\n{HIDDEN}")),
        ("a folded coding", format!("{head}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{HIDDEN}")),
        ("a bare carriage return", format!("{head}X-A: b\rContent-Length: 0\r\n\r\n{HIDDEN}")),
        ("a NUL in a header", format!("{head}X-A: b\0c\r\nContent-Length: 0\r\n\r\n{HIDDEN}")),
        ("no request at all", "\u{16}\u{3}\u{1}\r\n\r\n".to_owned()),
    ];
    for (what, bytes) in cases {
        let text = answer(&one, bytes.as_bytes()).await;
        assert!(!text.contains("\"ok\""), "{what}: the hidden request was answered: {text}");
        assert!(text.is_empty() || text.starts_with("HTTP/1.1 400"), "{what}: {text}");
    }
}

#[actix_web::test]
async fn a_bad_chunk_ends_the_request_and_the_line() {
    let one = Installation::new().await;
    let head = "POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
    for chunk in [
        "zz\r\nabc\r\n",
        "-1\r\nabc\r\n",
        "ffffffffffffffffff\r\nabc\r\n",
        "3\r\nabcdef\r\n0\r\n\r\n",
        "\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
    ] {
        let text = answer(&one, format!("{head}{chunk}{HIDDEN}").as_bytes()).await;
        assert!(!text.contains("\"ok\""), "{chunk:?}: the hidden request was answered: {text}");
        let status = text.split(' ').nth(1).unwrap_or("400");
        assert!(status.starts_with('4'), "{chunk:?}: {text}");
    }
}

#[actix_web::test]
async fn headers_and_lines_have_a_limit() {
    let one = Installation::new().await;
    let long = "a".repeat(400_000);
    for bytes in [
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-A: b\r\n".repeat(5_000)),
    ] {
        let text = answer(&one, bytes.as_bytes()).await;
        let status = text.split(' ').nth(1).unwrap_or("400");
        assert!(["400", "413", "414", "431"].contains(&status), "{}", text.chars().take(200).collect::<String>());
    }
}
