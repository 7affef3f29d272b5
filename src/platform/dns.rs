//! Asking the domain name system what stands behind a name: the name servers of this machine, or the one of `DNS_RESOLVER`.
//! Asked anew each time: who has just set a record waits for nobody's cache but their provider's.

use std::{net::SocketAddr, time::Duration};

use hickory_resolver::{
    Resolver, TokioResolver,
    config::{NameServerConfig, ResolveHosts, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::{RData, RecordType},
};

/// What was found, nothing included; or why nobody answered.
pub type Found = std::result::Result<Vec<String>, String>;

/// A name server may take this long, twice.
const PATIENCE: Duration = Duration::from_secs(3);

pub struct Dns {
    /// None where this machine has no name server that could be asked.
    resolver: Option<TokioResolver>,
}

impl Dns {
    pub fn open(server: Option<SocketAddr>) -> Self {
        let builder = match server {
            Some(server) => {
                let mut at = NameServerConfig::udp_and_tcp(server.ip());
                for connection in &mut at.connections {
                    connection.port = server.port();
                }
                let config = ResolverConfig::from_name_servers(vec![at]);
                Ok(Resolver::builder_with_config(config, TokioRuntimeProvider::default()))
            }
            None => TokioResolver::builder_tokio(),
        };
        let resolver = builder.and_then(|mut builder| {
            let options = builder.options_mut();
            options.timeout = PATIENCE;
            options.attempts = 2;
            options.cache_size = 0;
            options.use_hosts_file = ResolveHosts::Never;
            builder.build()
        });
        Self { resolver: resolver.inspect_err(|error| tracing::warn!(%error, "no name server can be asked")).ok() }
    }

    /// The texts of a name.
    pub async fn texts(&self, name: &str) -> Found {
        self.ask(name, RecordType::TXT).await
    }

    /// The name that this one is another name for.
    pub async fn other_name(&self, name: &str) -> Found {
        self.ask(name, RecordType::CNAME).await
    }

    /// Its addresses, of both kinds.
    pub async fn addresses(&self, name: &str) -> Found {
        let mut found = self.ask(name, RecordType::A).await?;
        found.extend(self.ask(name, RecordType::AAAA).await?);
        Ok(found)
    }

    async fn ask(&self, name: &str, kind: RecordType) -> Found {
        let Some(resolver) = &self.resolver else { return Err("this machine knows no name server".to_owned()) };
        match resolver.lookup(format!("{name}."), kind).await {
            Ok(answer) => Ok(answer
                .answers()
                .iter()
                .filter(|record| record.record_type() == kind)
                .map(|record| words(&record.data))
                .collect()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(NetError::Timeout) => Err("the name server did not answer in time".to_owned()),
            Err(error) => Err(format!("the name server did not answer: {error}")),
        }
    }
}

fn words(data: &RData) -> String {
    match data {
        RData::TXT(text) => text.txt_data.iter().map(|part| String::from_utf8_lossy(part)).collect(),
        other => other.to_string().trim_end_matches('.').to_lowercase(),
    }
}
