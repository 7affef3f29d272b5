//! OLV1: what was sealed opens; what was touched in any way does not, and gives nothing away.

use entity::ids::{DataKeyId, TenantId};
use one_legal::vault::olv1::{self, Damaged, HEADER, Header, Opener, SEGMENT, Sealer, TAG};
use proptest::prelude::*;
use uuid::Uuid;

const KEY: [u8; 32] = [7; 32];

fn tenant() -> TenantId {
    TenantId(Uuid::from_u128(1))
}

fn object() -> Uuid {
    Uuid::from_u128(2)
}

fn key_id() -> DataKeyId {
    DataKeyId(Uuid::from_u128(3))
}

fn seal(plain: &[u8]) -> Vec<u8> {
    olv1::seal(&KEY, &Header::fresh(key_id()), tenant(), object(), plain).expect("sealed")
}

fn open(sealed: &[u8]) -> Result<Vec<u8>, Damaged> {
    olv1::open(&KEY, key_id(), tenant(), object(), sealed)
}

/// Opens piece by piece; what came out before the failure.
fn released(sealed: &[u8], piece: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut opener = Opener::new(&KEY, key_id(), tenant(), object());
    for part in sealed.chunks(piece.max(1)) {
        if opener.push(part, &mut out).is_err() {
            return (out, false);
        }
    }
    let whole = opener.finish(&mut out).is_ok();
    (out, whole)
}

fn text(size: usize) -> Vec<u8> {
    (0..size).map(|i| (i * 31 % 251) as u8).collect()
}

fn segments(sealed: &[u8]) -> Vec<Vec<u8>> {
    sealed[HEADER..].chunks(SEGMENT + TAG).map(<[u8]>::to_vec).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_goes_in_comes_out_in_whatever_pieces(size in 0_usize..200_000, in_piece in 1_usize..90_000, out_piece in 1_usize..90_000) {
        let plain = text(size);
        let mut sealed = Vec::new();
        let mut sealer = Sealer::new(&KEY, &Header::fresh(key_id()), tenant(), object(), &mut sealed);
        for part in plain.chunks(in_piece) {
            sealer.push(part, &mut sealed).expect("sealed");
        }
        sealer.finish(&mut sealed).expect("sealed");
        prop_assert_eq!(sealed.len() as u64, olv1::sealed_size(size as u64));
        let (out, whole) = released(&sealed, out_piece);
        prop_assert!(whole);
        prop_assert_eq!(out, plain);
    }

    #[test]
    fn any_flipped_bit_fails_and_releases_only_what_came_before(size in 0_usize..200_000, at in any::<prop::sample::Index>(), bit in 0_u8..8, piece in 1_usize..90_000) {
        let plain = text(size);
        let mut sealed = seal(&plain);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert_eq!(open(&sealed), Err(Damaged));
        let (out, whole) = released(&sealed, piece);
        prop_assert!(!whole);
        let hurt = at.saturating_sub(HEADER) / (SEGMENT + TAG);
        prop_assert!(out.len() <= hurt * SEGMENT);
        prop_assert_eq!(&out[..], &plain[..out.len()]);
    }

    #[test]
    fn any_cut_fails(size in 0_usize..200_000, at in any::<prop::sample::Index>()) {
        let sealed = seal(&text(size));
        let cut = &sealed[..at.index(sealed.len())];
        prop_assert_eq!(open(cut), Err(Damaged));
    }

    #[test]
    fn anything_added_fails(size in 0_usize..140_000, more in prop::collection::vec(any::<u8>(), 1..100)) {
        let mut sealed = seal(&text(size));
        sealed.extend(more);
        prop_assert_eq!(open(&sealed), Err(Damaged));
    }

    #[test]
    fn reordered_repeated_or_missing_segments_fail(count in 2_usize..5, a in 0_usize..4, b in 0_usize..4, how in 0..3) {
        let sealed = seal(&text(count * SEGMENT));
        let (a, b) = (a % count, b % count);
        let mut parts = segments(&sealed);
        match how {
            0 if a != b => parts.swap(a, b),
            1 => { let again = parts[a].clone(); parts.insert(b, again); }
            _ => { parts.remove(a); }
        }
        let mut moved = sealed[..HEADER].to_vec();
        moved.extend(parts.concat());
        prop_assert_eq!(open(&moved), Err(Damaged));
    }

    #[test]
    fn a_segment_of_another_object_tenant_or_key_fails(which in 0..4, part in 0_usize..3) {
        let plain = text(3 * SEGMENT);
        let sealed = seal(&plain);
        let (other_key, tenant_b, object_b) = match which {
            0 => (KEY, TenantId(Uuid::from_u128(9)), object()),
            1 => (KEY, tenant(), Uuid::from_u128(9)),
            2 => ([8; 32], tenant(), object()),
            // The same object sealed twice: another nonce prefix.
            _ => (KEY, tenant(), object()),
        };
        let other = olv1::seal(&other_key, &Header::fresh(key_id()), tenant_b, object_b, &plain).expect("sealed");
        let mut parts = segments(&sealed);
        parts[part] = segments(&other)[part].clone();
        let mut mixed = sealed[..HEADER].to_vec();
        mixed.extend(parts.concat());
        prop_assert_eq!(open(&mixed), Err(Damaged));
        // And the whole other object in this one's place.
        if which < 3 {
            prop_assert_eq!(open(&other), Err(Damaged));
        }
    }
}

#[test]
fn an_object_under_another_key_id_is_refused_before_a_byte_is_tried() {
    let sealed = olv1::seal(&KEY, &Header::fresh(DataKeyId(Uuid::from_u128(4))), tenant(), object(), b"text").expect("sealed");
    assert_eq!(open(&sealed), Err(Damaged));
}

#[test]
fn unknown_magic_algorithm_and_sizes_are_refused() {
    let good = Header::fresh(key_id()).bytes();
    assert_eq!(Header::parse(&good).expect("parses").bytes(), good);
    for (at, value) in [(0, b'X'), (3, b'2'), (4, 0), (4, 2), (21, 0xff)] {
        let mut bytes = good;
        bytes[at] = value;
        assert_eq!(Header::parse(&bytes), Err(Damaged), "byte {at}");
    }
    let mut zero = good;
    zero[21..25].fill(0);
    assert_eq!(Header::parse(&zero), Err(Damaged));
}

#[test]
fn no_prefix_comes_twice_in_a_hundred_thousand() {
    let seen: std::collections::HashSet<[u8; HEADER]> = (0..100_000).map(|_| Header::fresh(key_id()).bytes()).collect();
    assert_eq!(seen.len(), 100_000);
}

/// The vectors stand in `olv1_vectors.txt`: name, plain text (repeated pattern and size), object in hex (or its SHA-256).
#[test]
fn the_vectors_still_open_and_still_come_out_the_same() {
    for line in include_str!("olv1_vectors.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut words = line.split_whitespace();
        let mut word = || words.next().expect("name size header sha256 [object]");
        let (name, size) = (word(), word().parse::<usize>().expect("a size"));
        let header = Header::parse(&hex::decode(word()).expect("hex")).expect("a header");
        let digest = word();
        let sealed = olv1::seal(&KEY, &header, tenant(), object(), &text(size)).expect("sealed");
        assert_eq!(one_legal::platform::secret::sha256_hex(&sealed), digest, "{name}");
        if let Some(object) = words.next() {
            assert_eq!(hex::encode(&sealed), object, "{name}");
        }
        assert_eq!(open(&sealed).expect("opens"), text(size), "{name}");
    }
}
