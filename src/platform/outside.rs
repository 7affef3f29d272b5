//! Addresses that customers name: whatever they name, nothing inside our own network is spoken to.
//!
//! https alone; the name is resolved here, every address it has must be a public one, and the connection goes to those very
//! addresses, so that a name that changes in between changes nothing. No redirects, no proxy, a short time, a short answer.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::redirect::Policy;
use url::{Host, Url};

use super::Config;

/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are kept.
const KEPT: usize = 1_000;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub status: u16,
    /// Its beginning.
    pub text: String,
}

/// The address, if it may be spoken to as far as its letters tell; else why not, for a form.
pub fn checked(config: &Config, text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|_| "That is no address; it looks like https://example.com/hook.".to_owned())?;
    if text.len() > 500 {
        return Err("Keep the address within 500 characters.".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Leave name and password out of the address; what comes is signed.".to_owned());
    }
    let host = url.host().ok_or("The address names no host.")?;
    if config.hooks_to_loopback && is_loopback(&host) {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err("The address has to begin with https://.".to_owned());
    }
    if let Host::Domain(name) = &host {
        let allowed = |suffix: &String| name == suffix || name.ends_with(&format!(".{suffix}"));
        if !config.hooks_hosts.is_empty() && !config.hooks_hosts.iter().any(allowed) {
            return Err(format!("This installation sends to {} alone (setting HOOKS_HOSTS).", config.hooks_hosts.join(", ")));
        }
        if name.ends_with(".localhost") || *name == "localhost" || name.ends_with(".internal") || name.ends_with(".local") {
            return Err("That is a name inside a network; give one that the whole internet can reach.".to_owned());
        }
    }
    let literal = match host {
        Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        Host::Domain(_) => None,
    };
    match literal {
        Some(_) if !config.hooks_hosts.is_empty() => Err("Give a name of HOOKS_HOSTS, not a number.".to_owned()),
        Some(ip) if !is_public(ip) => {
            Err("That address is inside a network; give one that the whole internet can reach.".to_owned())
        }
        _ => Ok(url),
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

/// An address that the whole internet can reach, and that is nobody's inside.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(a == 0
        || a >= 240
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let last = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if let Some(mapped) = ip.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match parts {
        // NAT64 and 6to4 carry an address of the other kind inside.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(last(high, low)),
        [0x2002, high, low, ..] => is_public_v4(last(high, low)),
        // Protocol assignments (Teredo among them), and documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // What is in use is 2000::/3.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The addresses of a host, all of them public.
async fn resolved(config: &Config, url: &Url) -> Result<Vec<SocketAddr>, String> {
    let host = url.host().ok_or("the address names no host")?;
    let port = url.port_or_known_default().unwrap_or(443);
    let found: Vec<SocketAddr> = match host {
        Host::Ipv4(ip) => vec![(ip, port).into()],
        Host::Ipv6(ip) => vec![(ip, port).into()],
        Host::Domain(name) => {
            let looked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name, port))).await;
            looked.map_err(|_| "its name was not resolved in time")?.map_err(|_| "its name is not known")?.collect()
        }
    };
    let is_fine = |ip: IpAddr| is_public(ip) || (config.hooks_to_loopback && ip.is_loopback());
    if found.is_empty() {
        return Err("its name is not known".to_owned());
    }
    if let Some(wrong) = found.iter().find(|address| !is_fine(address.ip())) {
        return Err(format!("its name leads inside a network ({}), where nothing is sent", wrong.ip()));
    }
    Ok(found)
}

/// Sends JSON there; the answer, or why there is none. Never call within a `Work`.
pub async fn post(config: &Config, address: &str, headers: &[(&str, String)], body: String) -> Result<Heard, String> {
    let url = checked(config, address)?;
    let addresses = resolved(config, &url).await?;
    send(url, &addresses, headers, body).await
}

/// To these addresses, whatever the name means by now.
async fn send(url: Url, addresses: &[SocketAddr], headers: &[(&str, String)], body: String) -> Result<Heard, String> {
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .build()
        .map_err(|error| error.to_string())?;
    let mut request = client.post(url).header("content-type", "application/json").header("user-agent", "One-Legal/1");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let mut response = request.body(body).send().await.map_err(|error| {
        if error.is_timeout() {
            return "it did not answer within ten seconds".to_owned();
        }
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        format!("it cannot be reached ({cause})")
    })?;
    let status = response.status().as_u16();
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= KEPT {
            break;
        }
    }
    bytes.truncate(KEPT);
    let text = String::from_utf8_lossy(&bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Ok(Heard { status, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_name_that_leads_inside_is_not_spoken_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = crate::platform::config::Source::from_pairs([("DATA_DIR".to_owned(), folder.path().display().to_string())]);
        let config = Config::load(&source).expect("settings");
        let url = Url::parse("https://localhost/hook").expect("an address");
        let why = resolved(&config, &url).await.expect_err("refused");
        assert!(why.contains("inside a network"), "{why}");
    }

    #[actix_web::test]
    async fn a_name_is_looked_up_once_and_the_addresses_that_were_checked_are_spoken_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let checked = listener.local_addr().expect("an address");
        // Nobody else knows this name: a second look would find nothing, or, elsewhere, what its owner says by then.
        let url = Url::parse(&format!("https://rebound.invalid:{}/hook", checked.port())).expect("an address");
        let heard = tokio::spawn(async move {
            use tokio::io::AsyncReadExt;
            let (mut stream, _) = listener.accept().await.expect("a caller");
            let mut bytes = vec![0; 4_096];
            let read = stream.read(&mut bytes).await.expect("a greeting");
            bytes.truncate(read);
            bytes
        });
        send(url, &[checked], &[], "{}".to_owned()).await.expect_err("nobody there speaks TLS");
        let greeting = heard.await.expect("heard");
        assert!(greeting.windows(15).any(|part| part == b"rebound.invalid"), "the certificate is asked for by the name");
    }

    #[test]
    fn no_address_inside_a_network_is_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "fec0::1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside} is inside");
        }
        for outside in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::101:101"] {
            assert!(is_public(outside.parse().expect("an address")), "{outside} is outside");
        }
    }
}
