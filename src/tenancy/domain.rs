//! Hosts of an MSP's own: which names can be one, and how far each has come.

use entity::tenancy::DomainState;

/// Before the host stands the name of the record that shows whose it is.
pub const PROOF: &str = "_one-legal";

/// What one look at the domain name system says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Yes,
    /// Answered, and it is not so: why.
    No(String),
    /// Nobody answered: why. Nothing follows from it.
    Unknown(String),
}

/// The host as it is kept, or what is wrong with what was typed. `ours` are the hosts of this installation.
pub fn parse(typed: &str, ours: &[&str]) -> Result<String, &'static str> {
    let typed = typed.trim().trim_end_matches('.').to_lowercase();
    let bare = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed).trim_end_matches('/');
    let Ok(url::Host::Domain(host)) = url::Host::parse(bare) else {
        return Err("Give a host name, e.g. portal.yourcompany.com.");
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if host.len() > 200 || !host.contains('.') || !host.split('.').all(label) || host.ends_with(".localhost") {
        return Err("Give a whole host name with its domain, e.g. portal.yourcompany.com.");
    }
    if ours.iter().any(|ours| host == **ours || host.strip_suffix(*ours).is_some_and(|rest| rest.ends_with('.'))) {
        return Err("This name belongs to the product itself; give one of your own domain.");
    }
    Ok(host)
}

/// What the TXT record says.
pub fn proof(token: &str) -> String {
    format!("one-legal={token}")
}

/// Whether a TXT record holds the proof.
pub fn proved(found: Result<Vec<String>, String>, host: &str, token: &str) -> Seen {
    match found {
        Err(why) => Seen::Unknown(why),
        Ok(texts) if texts.iter().any(|text| text.trim() == proof(token)) => Seen::Yes,
        Ok(texts) if texts.is_empty() => Seen::No(format!("There is no TXT record at {PROOF}.{host} yet.")),
        Ok(_) => Seen::No(format!("The TXT record at {PROOF}.{host} holds something else than the value below.")),
    }
}

/// Whether the host leads here: by its other name, or, where a provider flattens that, by the same addresses.
pub fn leads_here(
    other_name: Result<Vec<String>, String>,
    addresses: Result<(Vec<String>, Vec<String>), String>,
    host: &str,
    target: &str,
) -> Seen {
    let names = match other_name {
        Err(why) => return Seen::Unknown(why),
        Ok(names) => names,
    };
    if names.iter().any(|name| name == target) {
        return Seen::Yes;
    }
    if let Some(name) = names.first() {
        return Seen::No(format!("{host} leads to {name} instead of {target}."));
    }
    match addresses {
        Err(why) => Seen::Unknown(why),
        Ok((its, _)) if its.is_empty() => Seen::No(format!("There is no CNAME record of {host} yet.")),
        Ok((its, ours)) if its.iter().all(|address| ours.contains(address)) => Seen::Yes,
        Ok((its, _)) => Seen::No(format!("{host} has no CNAME record, and its address {} is not that of {target}.", its[0])),
    }
}

/// The next state and why it is not further. Whose a domain is, is asked until it is shown; where it leads, always.
pub fn next(state: DomainState, proved: Seen, leads: Seen) -> (DomainState, String) {
    use DomainState::{Active, Failing, Pending, Verified};
    let unanswered = |why: String| format!("The last look failed: {why}. It is tried again by itself.");
    if state == Pending {
        match proved {
            Seen::No(why) => return (Pending, why),
            Seen::Unknown(why) => return (Pending, unanswered(why)),
            Seen::Yes => {}
        }
    }
    match (state, leads) {
        (_, Seen::Yes) => (Active, String::new()),
        (Active | Failing, Seen::No(why)) => (Failing, why),
        (Pending | Verified, Seen::No(why)) => (Verified, why),
        // A name server that is away takes no portal away.
        (Pending, Seen::Unknown(why)) => (Verified, unanswered(why)),
        (state, Seen::Unknown(why)) => (state, unanswered(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::{DomainState::*, Seen, leads_here, next, parse, proved};

    #[test]
    fn a_host_name_of_ones_own_is_one() {
        let ours = ["portal.one.example", "legal.one.example"];
        assert_eq!(parse(" https://Portal.Harbor.Example/ ", &ours).as_deref(), Ok("portal.harbor.example"));
        assert_eq!(parse("büro.example", &ours).as_deref(), Ok("xn--bro-hoa.example"));
        for wrong in [
            "",
            "harbor",
            "127.0.0.1",
            "[::1]",
            "a b.example",
            "x.localhost",
            "portal.one.example",
            "pine.portal.one.example",
            "-a.example",
            "a_b.example",
            "harbor.example:8080",
            "a.example/x",
        ] {
            assert!(parse(wrong, &ours).is_err(), "{wrong}");
        }
        assert!(parse("notportal.one.example", &ours).is_ok());
    }

    #[test]
    fn the_records_are_read_as_they_are_set() {
        assert_eq!(proved(Ok(vec!["v=spf1".to_owned(), "one-legal=abc".to_owned()]), "h.example", "abc"), Seen::Yes);
        assert!(
            matches!(proved(Ok(vec!["one-legal=other".to_owned()]), "h.example", "abc"), Seen::No(why) if why.contains("something else"))
        );
        assert!(matches!(proved(Ok(Vec::new()), "h.example", "abc"), Seen::No(why) if why.contains("no TXT")));
        let at = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        assert_eq!(leads_here(Ok(at(&["p.example"])), Err(String::new()), "h.example", "p.example"), Seen::Yes);
        assert!(
            matches!(leads_here(Ok(at(&["evil.example"])), Err(String::new()), "h.example", "p.example"), Seen::No(why) if why.contains("leads to evil.example"))
        );
        assert_eq!(
            leads_here(Ok(Vec::new()), Ok((at(&["192.0.2.1"]), at(&["192.0.2.1", "192.0.2.2"]))), "h.example", "p.example"),
            Seen::Yes
        );
        assert!(
            matches!(leads_here(Ok(Vec::new()), Ok((at(&["192.0.2.9"]), at(&["192.0.2.1"]))), "h.example", "p.example"), Seen::No(why) if why.contains("192.0.2.9"))
        );
        assert!(
            matches!(leads_here(Ok(Vec::new()), Ok((Vec::new(), at(&["192.0.2.1"]))), "h.example", "p.example"), Seen::No(why) if why.contains("no CNAME"))
        );
    }

    #[test]
    fn nothing_serves_before_it_is_shown_whose_it_is_and_silence_changes_nothing() {
        let no = || Seen::No("why".to_owned());
        let silent = || Seen::Unknown("why".to_owned());
        for leads in [Seen::Yes, no(), silent()] {
            assert_eq!(next(Pending, no(), leads.clone()).0, Pending);
            assert_eq!(next(Pending, silent(), leads).0, Pending);
        }
        assert_eq!(next(Pending, Seen::Yes, Seen::Yes), (Active, String::new()));
        assert_eq!(next(Pending, Seen::Yes, no()), (Verified, "why".to_owned()));
        assert_eq!(next(Verified, no(), Seen::Yes).0, Active, "the proof may be taken away once it was seen");
        assert_eq!(next(Active, no(), no()).0, Failing);
        assert_eq!(next(Active, no(), silent()).0, Active);
        assert_eq!(next(Failing, no(), silent()).0, Failing);
        assert_eq!(next(Failing, no(), Seen::Yes).0, Active);
    }
}
