//! The list of entries of a zip archive, read from its end; nothing is unpacked.

/// Why an archive is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is no archive, a broken one, or lacks the entries its kind has.
    NotOne,
    /// A sentence for the person.
    Refused(&'static str),
}

const BOMB: Trouble = Trouble::Refused("The file would unpack to far more than it is and was refused. Save it anew or as a PDF.");
const MACROS: Trouble = Trouble::Refused("The file carries macros or programs and was refused. Save it without them or as a PDF.");
const STRANGE: Trouble = Trouble::Refused("The file is packed in an unusual way and was refused. Save it anew or as a PDF.");

const ENTRIES: usize = 5_000;
/// Bytes an archive may unpack to.
const UNPACKED: u64 = 1024 * 1024 * 1024;
/// Above this size, unpacked, an archive may be at most [`RATIO`] times its own.
const RATIO_FROM: u64 = 16 * 1024 * 1024;
const RATIO: u64 = 150;

/// `tail` is the end of the file (or all of it), `size` the whole; `wanted` are names, or folders ending in `/`.
pub fn check(tail: &[u8], size: u64, wanted: &[&str]) -> Result<(), Trouble> {
    let end = find_end(tail).ok_or(Trouble::NotOne)?;
    let record = &tail[end..];
    let entries = usize::from(u16_at(record, 10).ok_or(Trouble::NotOne)?);
    let length = u64::from(u32_at(record, 12).ok_or(Trouble::NotOne)?);
    let offset = u64::from(u32_at(record, 16).ok_or(Trouble::NotOne)?);
    if entries == 0xffff || length == 0xffff_ffff || offset == 0xffff_ffff || entries > ENTRIES {
        return Err(STRANGE);
    }
    // The list ends where its record begins; anything else hides something.
    let end_in_file = size - (tail.len() - end) as u64;
    if offset.checked_add(length) != Some(end_in_file) {
        return Err(STRANGE);
    }
    let length = usize::try_from(length).map_err(|_| STRANGE)?;
    let list = tail[..end].len().checked_sub(length).map(|start| &tail[start..end]).ok_or(STRANGE)?;
    let seen = read_list(list, entries, size)?;
    if wanted.iter().all(|name| seen.iter().any(|entry| if name.ends_with('/') { entry.starts_with(name) } else { entry == name }))
    {
        Ok(())
    } else {
        Err(Trouble::NotOne)
    }
}

fn read_list(mut list: &[u8], entries: usize, size: u64) -> Result<Vec<&str>, Trouble> {
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    let mut names = Vec::with_capacity(entries);
    for _ in 0..entries {
        if !list.starts_with(b"PK\x01\x02") {
            return Err(Trouble::NotOne);
        }
        let flags = u16_at(list, 8).ok_or(Trouble::NotOne)?;
        packed += u64::from(u32_at(list, 20).ok_or(Trouble::NotOne)?);
        unpacked += u64::from(u32_at(list, 24).ok_or(Trouble::NotOne)?);
        let part = |at| u16_at(list, at).map(usize::from).ok_or(Trouble::NotOne);
        let (name, extra, comment) = (part(28)?, part(30)?, part(32)?);
        let name = list.get(46..46 + name).and_then(|name| std::str::from_utf8(name).ok()).ok_or(STRANGE)?;
        if flags & 1 == 1 {
            return Err(Trouble::Refused("The file is protected by a password and was refused. Take the password off first."));
        }
        if is_program(name) {
            return Err(MACROS);
        }
        if name.starts_with('/') || name.contains('\\') || name.split('/').any(|part| part == "..") {
            return Err(STRANGE);
        }
        names.push(name);
        list = list.get(46 + name.len() + extra + comment..).ok_or(Trouble::NotOne)?;
    }
    if !list.is_empty() {
        return Err(STRANGE);
    }
    if unpacked > UNPACKED || packed > size || (unpacked > RATIO_FROM && unpacked / RATIO > size) {
        return Err(BOMB);
    }
    Ok(names)
}

fn is_program(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("vbaproject.bin")
        || name.contains("/activex/")
        || name.starts_with("scripts/")
        || name.starts_with("basic/")
        || [".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".jar", ".scr", ".html", ".htm", ".zip"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Where the end record begins: the last one whose comment reaches exactly to the end of the file.
fn find_end(tail: &[u8]) -> Option<usize> {
    let last = tail.len().checked_sub(22)?;
    let first = last.saturating_sub(0xffff);
    (first..=last).rev().find(|at| {
        tail[*at..].starts_with(b"PK\x05\x06")
            && u16_at(&tail[*at..], 20).is_some_and(|comment| at + 22 + usize::from(comment) == tail.len())
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
