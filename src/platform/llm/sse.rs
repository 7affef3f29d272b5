//! Server-sent events out of the bytes as they come, cut wherever the network cut them.

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Empty where it has no name.
    pub name: String,
    pub data: String,
}

/// What has come and is no whole event yet. Who feeds it keeps the limit.
#[derive(Default)]
pub struct Events {
    line: Vec<u8>,
    /// The last byte ended a line; a line feed after it belongs to the same end.
    returned: bool,
    event: Event,
    has_data: bool,
}

impl Events {
    /// The events that are whole now.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut whole = Vec::new();
        for byte in bytes {
            let returned = std::mem::replace(&mut self.returned, *byte == b'\r');
            match byte {
                b'\n' if returned => {}
                b'\r' | b'\n' => whole.extend(self.end_of_line()),
                _ => self.line.push(*byte),
            }
        }
        whole
    }

    fn end_of_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches('\u{feff}');
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return std::mem::take(&mut self.has_data).then_some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // Comments, ids, pauses before reconnecting: nobody reconnects to an answer.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_the_same_wherever_the_bytes_are_cut_and_whichever_way_lines_end() {
        let text = ": hello\nevent: piece\nid: 7\ndata: {\"text\":\ndata:  \"Grüße\"}\n\ndata: [DONE]\n\nevent: unheard\n\n";
        let wanted = vec![
            Event { name: "piece".to_owned(), data: "{\"text\":\n \"Grüße\"}".to_owned() },
            Event { name: String::new(), data: "[DONE]".to_owned() },
        ];
        for ending in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', ending);
            for size in 1..text.len() {
                let mut events = Events::default();
                let heard: Vec<Event> = text.as_bytes().chunks(size).flat_map(|chunk| events.take(chunk)).collect();
                assert_eq!(heard, wanted, "in pieces of {size}, lines ending in {ending:?}");
            }
        }
    }
}
