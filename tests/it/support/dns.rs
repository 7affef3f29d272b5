//! A name server of our own on loopback: what its zone does not hold is not there, and it can fall silent.

use std::{
    collections::HashMap,
    net::UdpSocket,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hickory_resolver::proto::{
    op::{Message, MessageType},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, CNAME, TXT},
    },
};

type Zone = HashMap<(String, RecordType), Vec<RData>>;

pub struct NameServer {
    pub address: String,
    zone: Arc<Mutex<Zone>>,
    silent: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
}

impl NameServer {
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        socket.set_read_timeout(Some(Duration::from_millis(100))).expect("a patience");
        let address = socket.local_addr().expect("an address").to_string();
        let server = Self { address, zone: Arc::default(), silent: Arc::default(), over: Arc::default() };
        let (zone, silent, over) = (Arc::clone(&server.zone), Arc::clone(&server.silent), Arc::clone(&server.over));
        std::thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while !over.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut buffer) else { continue };
                if silent.load(Ordering::Relaxed) {
                    continue;
                }
                let Ok(asked) = Message::from_vec(&buffer[..length]) else { continue };
                let answer = answer(&zone.lock().expect("the zone"), asked);
                let _ = socket.send_to(&answer.to_vec().expect("an answer"), from);
            }
        });
        server
    }

    fn set(&self, name: &str, kind: RecordType, data: Vec<RData>) {
        self.zone.lock().expect("the zone").insert((name.to_owned(), kind), data);
    }

    pub fn txt(&self, name: &str, texts: &[&str]) {
        self.set(name, RecordType::TXT, texts.iter().map(|text| RData::TXT(TXT::new(vec![(*text).to_owned()]))).collect());
    }

    pub fn cname(&self, name: &str, target: &str) {
        let target = Name::from_ascii(format!("{target}.")).expect("a name");
        self.set(name, RecordType::CNAME, vec![RData::CNAME(CNAME(target))]);
    }

    pub fn no_cname(&self, name: &str) {
        self.set(name, RecordType::CNAME, Vec::new());
    }

    pub fn a(&self, name: &str, address: [u8; 4]) {
        self.set(name, RecordType::A, vec![RData::A(A(address.into()))]);
    }

    pub fn fall_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::Relaxed);
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

fn answer(zone: &Zone, asked: Message) -> Message {
    let mut answer = Message::new(asked.metadata.id, MessageType::Response, asked.metadata.op_code);
    for query in &asked.queries {
        answer.add_query(query.clone());
        let name = query.name().to_string().trim_end_matches('.').to_lowercase();
        for data in zone.get(&(name, query.query_type())).into_iter().flatten() {
            answer.add_answer(Record::from_rdata(query.name().clone(), 1, data.clone()));
        }
    }
    answer
}
