//! Generated documents go in, and come out for those they are granted to.

use entity::{Reach, ids::DocumentId};
use one_legal::{
    platform::{Actor, Work},
    tenancy::{Caller, Seat},
    vault::{self, Audience, Category, NewDocument},
};

use crate::support::Installation;

pub fn new_document(one: &Installation, audience: Vec<Audience>) -> NewDocument {
    NewDocument {
        tenant: one.cast.harbor,
        company: Some(one.cast.acme),
        category: Category::ClientPolicies,
        title: "Master Services Agreement".to_owned(),
        file_name: "msa.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        owner: "policy:0190".to_owned(),
        audience,
    }
}

pub async fn work(one: &Installation) -> Work {
    one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a unit of work")
}

pub async fn stored(one: &Installation, audience: Vec<Audience>, bytes: &[u8]) -> DocumentId {
    let mut work = work(one).await;
    let id = vault::store(&mut work, new_document(one, audience), bytes.to_vec()).await.expect("stored");
    work.commit().await.expect("committed");
    id
}

/// The caller of a person of the cast, as a request of theirs would have it.
pub async fn caller(one: &Installation, key: &str) -> Caller {
    let person = one.cast.person(key);
    let seat = match key {
        "tom" => Seat::Staff { tenant: one.cast.harbor, role: entity::tenancy::StaffRole::Member },
        "eve" => Seat::Staff { tenant: one.cast.pine, role: entity::tenancy::StaffRole::Owner },
        "ada" => Seat::Attorney { engagements: vec![(one.cast.harbor, entity::tenancy::AttorneyRole::Primary)] },
        "nils" => Seat::Attorney { engagements: vec![(one.cast.harbor, entity::tenancy::AttorneyRole::OutsideCounsel)] },
        _ => Seat::Client {
            tenant: person.tenant.expect("a tenant"),
            company: person.company.expect("a company"),
            contact: person.contact.expect("a contact"),
            access: match key {
                "ben" => entity::tenancy::AccessLevel::Own,
                "cleo" => entity::tenancy::AccessLevel::Company,
                _ => entity::tenancy::AccessLevel::CompanyAdmin,
            },
        },
    };
    Caller {
        account: person.account,
        session: entity::ids::SessionId(uuid::Uuid::nil()),
        name: person.name.to_owned(),
        email: person.email.clone(),
        method: "test".to_owned(),
        seat,
    }
}

async fn reads(one: &Installation, key: &str, id: DocumentId) -> bool {
    let caller = caller(one, key).await;
    let tx = one.platform.read(caller.reach()).await.expect("a view");
    vault::can_read(&tx, &caller, id).await.expect("an answer")
}

#[actix_web::test]
async fn a_stored_document_comes_back_as_it_went_in() {
    let one = Installation::new().await;
    for size in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        let id = stored(&one, vec![Audience::Staff], &bytes).await;
        let tx = one.platform.read(Reach::Tenants(vec![one.cast.harbor])).await.expect("a view");
        assert_eq!(vault::read(&one.platform, &tx, id).await.expect("read"), bytes, "{size} bytes");
    }
}

#[actix_web::test]
async fn a_document_is_read_by_its_audience_and_nobody_else() {
    let one = Installation::new().await;
    let cleo = one.cast.person("cleo").account;
    for (audience, readers) in [
        (vec![Audience::Staff], vec!["tom"]),
        (vec![Audience::Attorneys], vec!["ada"]),
        (vec![Audience::Company(one.cast.acme)], vec!["cleo", "dora"]),
        (vec![Audience::Account(cleo)], vec!["cleo"]),
        (vec![Audience::Account(one.cast.person("nils").account)], vec!["nils"]),
        (vec![Audience::Staff, Audience::Attorneys, Audience::Account(one.cast.person("ben").account)], vec!["tom", "ada", "ben"]),
        (vec![], vec![]),
    ] {
        let id = stored(&one, audience.clone(), b"text").await;
        for person in ["tom", "eve", "ada", "nils", "ben", "cleo", "dora", "gus"] {
            assert_eq!(reads(&one, person, id).await, readers.contains(&person), "{person} and {audience:?}");
        }
    }
}

#[actix_web::test]
async fn a_grant_opens_and_its_end_closes() {
    let one = Installation::new().await;
    let id = stored(&one, vec![], b"text").await;
    let nils = Audience::Account(one.cast.person("nils").account);
    let mut unit = work(&one).await;
    vault::grant(&mut unit, id, nils).await.expect("granted");
    vault::grant(&mut unit, id, nils).await.expect("granted twice is granted once");
    unit.commit().await.expect("committed");
    assert!(reads(&one, "nils", id).await);
    let caller = caller(&one, "nils").await;
    let tx = one.platform.read(caller.reach()).await.expect("a view");
    assert_eq!(vault::documents_of(&tx, &caller, "policy:0190").await.expect("a list").len(), 1);
    drop(tx);
    let mut unit = work(&one).await;
    vault::ungrant(&mut unit, id, nils).await.expect("taken back");
    unit.commit().await.expect("committed");
    assert!(!reads(&one, "nils", id).await);
}

#[actix_web::test]
async fn a_conversation_key_opens_only_what_it_sealed_in_the_same_place() {
    let one = Installation::new().await;
    let mut unit = work(&one).await;
    let first = vault::new_data_key(&mut unit, one.cast.harbor, "conversation:1").await.expect("a key");
    let second = vault::new_data_key(&mut unit, one.cast.harbor, "conversation:2").await.expect("a key");
    unit.counts_as_audited("a test");
    unit.commit().await.expect("committed");
    let tx = one.platform.read(Reach::Tenants(vec![one.cast.harbor])).await.expect("a view");
    let (a, b) = (
        vault::data_key(&one.platform, &tx, first).await.expect("a"),
        vault::data_key(&one.platform, &tx, second).await.expect("b"),
    );
    let sealed = a.seal(b"message 1", b"hello");
    assert_eq!(a.open(b"message 1", &sealed).expect("opens").as_slice(), b"hello");
    assert!(a.open(b"message 2", &sealed).is_err());
    assert!(b.open(b"message 1", &sealed).is_err());
    // Another tenant does not even find the key.
    let eve = one.platform.read(Reach::Tenants(vec![one.cast.pine])).await.expect("a view");
    assert!(matches!(vault::data_key(&one.platform, &eve, first).await, Err(one_legal::platform::Error::NotFound)));
    // Unwrapped anew it is the same key.
    one.platform.shared::<vault::KeyCache>().forget();
    let again = vault::data_key(&one.platform, &tx, first).await.expect("unwrapped");
    assert_eq!(again.open(b"message 1", &sealed).expect("opens").as_slice(), b"hello");
}
