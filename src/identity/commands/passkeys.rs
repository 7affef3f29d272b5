//! Passkeys: added, named, used, taken away. Every question is kept here and answered once; the device has verified its person each time.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{
    Moment, Reach,
    identity::{AccountStatus, account, ceremony, passkey, session},
    ids::{AccountId, CeremonyId, PasskeyId, SessionId},
    wall::Unwalled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};

use super::{
    end_session::end_session,
    sign_in::{Opened, line, named, open_known},
};
use crate::{
    audit,
    identity::{
        FIRM, SignedIn, letters,
        passkey::{Place, refused, unfit},
        queries,
    },
    platform::{Actor, Error, Platform, Result, Tx, Work},
};

const REACH: Reach = Reach::Everything("a person's own passkeys");
/// A question is answered within this time.
const PATIENCE: i64 = 10 * Moment::MINUTE;
/// Passkeys of one person.
const MOST: usize = 20;

/// What a page asks a device: the number under which the answer is awaited, and the question.
#[derive(Serialize)]
pub struct Question {
    pub ceremony: CeremonyId,
    pub options: Value,
}

/// What a device answered at a portal's door.
pub struct Answered {
    /// The portal they stand before: a passkey of another one opens nothing here.
    pub realm: String,
    pub asked: CeremonyId,
    pub answer: String,
}

/// The passkeys of a person, oldest first.
pub async fn passkeys_of(tx: &Tx, account: AccountId) -> Result<Vec<passkey::Model>> {
    let rows = passkey::Entity::rows().filter(passkey::Column::AccountId.eq(account));
    Ok(rows.order_by_asc(passkey::Column::CreatedAt).order_by_asc(passkey::Column::Id).all(tx).await?)
}

/// Those that open something on this host.
pub async fn usable_passkeys(tx: &Tx, account: AccountId, place: &Place) -> Result<Vec<passkey::Model>> {
    let rows = passkeys_of(tx, account).await?;
    Ok(rows.into_iter().filter(|row| row.host == place.host && row.stopped_at.is_none()).collect())
}

/// Asks the device to make a passkey.
pub async fn ask_new_passkey(platform: &Arc<Platform>, actor: Actor, me: &SignedIn, place: &Place) -> Result<Question> {
    let work = platform.work(actor, REACH).await?;
    let known = passkeys_of(work.read(), me.account.id).await?;
    if known.len() >= MOST {
        return Err(refused("Twenty passkeys are the most; take one away that is not used."));
    }
    let here: Vec<Passkey> = known.iter().filter(|row| row.host == place.host).map(read_key).collect::<Result<_>>()?;
    let exclude = here.iter().map(|key| key.cred_id().clone()).collect();
    let library = place.library()?;
    let asked = library.start_passkey_registration(me.account.id.0, &me.account.email, &me.account.name, Some(exclude));
    let (options, state) = asked.map_err(|error| unfit(&error))?;
    let mut options = serde_json::to_value(options)?;
    // One that the device lists by itself can sign a client in without an e-mail typed.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = "preferred".into();
    keep(work, "add", Some(me.account.id), place, &state, options).await
}

/// The device's answer: from now on this passkey opens what passkeys open.
pub async fn add_passkey(
    platform: &Arc<Platform>,
    actor: Actor,
    me: &SignedIn,
    place: &Place,
    asked: CeremonyId,
    answer: &str,
    name: &str,
) -> Result<()> {
    let name = if name.trim().is_empty() { "Passkey" } else { checked("name", name)? };
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| refused("The device gave no answer."))?;
    let state: PasskeyRegistration = take(platform, &actor, "add", Some(me.account.id), place, asked).await?;
    let key = place.library()?.finish_passkey_registration(&answer, &state).map_err(|error| unfit(&error))?;
    let mut work = platform.work(actor, REACH).await?;
    let credential = URL_SAFE_NO_PAD.encode(key.cred_id());
    if passkey::Entity::rows().filter(passkey::Column::Credential.eq(&credential)).one(work.read()).await?.is_some() {
        return Err(refused("This passkey is known already."));
    }
    let row = passkey::ActiveModel {
        id: Set(work.id()),
        account_id: Set(me.account.id),
        host: Set(place.host.clone()),
        credential: Set(credential),
        key: Set(serde_json::to_vec(&key)?),
        name: Set(name.to_owned()),
        created_at: Set(work.now()),
        last_used_at: Set(None),
        stopped_at: Set(None),
    };
    passkey::Entity::insert(row).exec_without_returning(work.write()).await?;
    audit::record(&mut work, line("passkey.added", Some(&me.account), &me.account.realm).with("name", name)).await?;
    letters::passkey_added(&mut work, &me.account, name, &place.host).await?;
    work.commit().await
}

/// The name as it is kept; `field` is where it was typed.
fn checked<'a>(field: &'static str, name: &'a str) -> Result<&'a str> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid(field, "Give it a name by which you know it again."));
    }
    if name.chars().count() > 60 || name.chars().any(char::is_control) {
        return Err(Error::invalid(field, "Keep the name within 60 characters."));
    }
    Ok(name)
}

async fn own(work: &Work, me: &SignedIn, id: PasskeyId) -> Result<passkey::Model> {
    passkeys_of(work.read(), me.account.id).await?.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)
}

/// Another name for the same key; it opens what it opened.
pub async fn rename_passkey(work: &mut Work, me: &SignedIn, id: PasskeyId, name: &str) -> Result<()> {
    let row = own(work, me, id).await?;
    let name = checked("passkey_name", name)?;
    passkey::ActiveModel { id: Set(row.id), name: Set(name.to_owned()), ..Default::default() }.update(work.write()).await?;
    let renamed = line("passkey.renamed", Some(&me.account), &me.account.realm).with("name", name).with("before", row.name);
    audit::record(work, renamed).await
}

pub async fn remove_passkey(work: &mut Work, me: &SignedIn, id: PasskeyId) -> Result<String> {
    let row = own(work, me, id).await?;
    passkey::Entity::delete_many().filter(passkey::Column::Id.eq(id)).exec(work.write()).await?;
    audit::record(work, line("passkey.removed", Some(&me.account), &me.account.realm).with("name", row.name.as_str())).await?;
    letters::passkey_removed(work, &me.account, &row.name).await?;
    Ok(row.name)
}

/// With a lost device its passkeys go too. The caller records it.
pub(super) async fn forget_passkeys(work: &mut Work, account: AccountId) -> Result<u64> {
    let gone = passkey::Entity::delete_many().filter(passkey::Column::AccountId.eq(account)).exec(work.write()).await?;
    Ok(gone.rows_affected)
}

/// Asks for a passkey of this person; none where they have none on this host.
pub async fn ask_passkey(platform: &Arc<Platform>, actor: Actor, account: AccountId, place: &Place) -> Result<Option<Question>> {
    let work = platform.work(actor, REACH).await?;
    let keys: Vec<Passkey> = usable_passkeys(work.read(), account, place).await?.iter().map(read_key).collect::<Result<_>>()?;
    if keys.is_empty() {
        return Ok(None);
    }
    let (options, state) = place.library()?.start_passkey_authentication(&keys).map_err(|error| unfit(&error))?;
    let options = serde_json::to_value(options)?;
    keep(work, "prove", Some(account), place, &state, options).await.map(Some)
}

/// Asks for any passkey that the device has for this host.
pub async fn ask_any_passkey(platform: &Arc<Platform>, actor: Actor, place: &Place) -> Result<Question> {
    let work = platform.work_in_line(actor, REACH).await?;
    let (options, state) = place.library()?.start_discoverable_authentication().map_err(|error| unfit(&error))?;
    let options = serde_json::to_value(options)?;
    keep(work, "enter", None, place, &state, options).await
}

/// The second stage of a sign-in, by passkey instead of a code.
pub async fn confirm_by_passkey(
    platform: &Arc<Platform>,
    actor: Actor,
    half: &SignedIn,
    place: &Place,
    asked: CeremonyId,
    answer: &str,
    device: Option<&str>,
) -> Result<Opened> {
    let account = half.account.clone();
    let actor = named(&actor, &account);
    shown(platform, &actor, &account, place, asked, answer).await?;
    let method = match half.session.method.as_str() {
        "sso" => "sso+passkey",
        "link" => "link+passkey",
        _ => "password+passkey",
    };
    let mut work = platform.work(actor, REACH).await?;
    end_session(&mut work, half.session.id).await?;
    let opened = open_known(&mut work, account, method, device).await?;
    work.commit().await?;
    Ok(opened)
}

/// A client's whole sign-in.
pub async fn enter_by_passkey(
    platform: &Arc<Platform>,
    actor: Actor,
    given: Answered,
    place: &Place,
    before: Option<SessionId>,
    device: Option<&str>,
) -> Result<Opened> {
    let answer: PublicKeyCredential = serde_json::from_str(&given.answer).map_err(|_| refused("The device gave no answer."))?;
    let state: DiscoverableAuthentication = take(platform, &actor, "enter", None, place, given.asked).await?;
    let library = place.library()?;
    let (person, credential) = library.identify_discoverable_authentication(&answer).map_err(|error| unfit(&error))?;
    let credential = URL_SAFE_NO_PAD.encode(credential);
    let tx = platform.read_in_line(REACH).await?;
    let account = queries::account(&tx, AccountId(person)).await?;
    let row = match &account {
        Some(account) => usable_passkeys(&tx, account.id, place).await?.into_iter().find(|row| row.credential == credential),
        None => None,
    };
    drop(tx);
    let fits =
        |account: &account::Model| account.realm == given.realm && account.realm != FIRM && account.status == AccountStatus::Active;
    let (Some(account), Some(row)) = (account.filter(fits), row) else {
        return Err(refused("This passkey opens nothing here."));
    };
    let actor = named(&actor, &account);
    let key = DiscoverableKey::from(&read_key(&row)?);
    match library.finish_discoverable_authentication_v2(&answer, state, &key) {
        Ok(result) => note_use(platform, &actor, row, &result).await?,
        Err(error) => return Err(stop(platform, &actor, &account, row, error).await?),
    }
    let mut work = platform.work(actor, REACH).await?;
    if let Some(before) = before {
        end_session(&mut work, before).await?;
    }
    let opened = open_known(&mut work, account, "passkey", device).await?;
    work.commit().await?;
    Ok(opened)
}

/// In the middle of a session: as good as password and code.
pub async fn prove_by_passkey(
    platform: &Arc<Platform>,
    actor: Actor,
    me: &SignedIn,
    place: &Place,
    asked: CeremonyId,
    answer: &str,
) -> Result<()> {
    shown(platform, &actor, &me.account, place, asked, answer).await?;
    let mut work = platform.work(actor, REACH).await?;
    let now = work.now();
    session::ActiveModel { id: Set(me.session.id), proved_at: Set(now), ..Default::default() }.update(work.write()).await?;
    audit::record(&mut work, line("proof.given", Some(&me.account), &me.account.realm).with("how", "passkey")).await?;
    work.commit().await
}

/// The answer is right, and of a passkey of this person.
async fn shown(
    platform: &Arc<Platform>,
    actor: &Actor,
    account: &account::Model,
    place: &Place,
    asked: CeremonyId,
    answer: &str,
) -> Result<()> {
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| refused("The device gave no answer."))?;
    let state: PasskeyAuthentication = take(platform, actor, "prove", Some(account.id), place, asked).await?;
    let credential = URL_SAFE_NO_PAD.encode(answer.get_credential_id());
    let tx = platform.read(REACH).await?;
    let row = usable_passkeys(&tx, account.id, place).await?.into_iter().find(|row| row.credential == credential);
    drop(tx);
    let Some(row) = row else { return Err(refused("This passkey was taken away.")) };
    match place.library()?.finish_passkey_authentication(&answer, &state) {
        Ok(result) => note_use(platform, actor, row, &result).await,
        Err(error) => Err(stop(platform, actor, account, row, error).await?),
    }
}

async fn note_use(platform: &Arc<Platform>, actor: &Actor, row: passkey::Model, result: &AuthenticationResult) -> Result<()> {
    let mut key = read_key(&row)?;
    key.update_credential(result);
    let mut work = platform.work(actor.clone(), REACH).await?;
    let now = work.now();
    passkey::ActiveModel {
        id: Set(row.id),
        key: Set(serde_json::to_vec(&key)?),
        last_used_at: Set(Some(now)),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    work.counts_as_audited("when it was used; what it opened is recorded");
    work.commit().await
}

/// A refused answer; where the counter went back the passkey may have been copied, and opens nothing from now on.
async fn stop(
    platform: &Arc<Platform>,
    actor: &Actor,
    account: &account::Model,
    row: passkey::Model,
    error: WebauthnError,
) -> Result<Error> {
    let mut work = platform.work(actor.clone(), REACH).await?;
    let copied = matches!(error, WebauthnError::CredentialPossibleCompromise);
    if copied {
        let now = work.now();
        passkey::ActiveModel { id: Set(row.id), stopped_at: Set(Some(now)), ..Default::default() }.update(work.write()).await?;
        letters::passkey_stopped(&mut work, account, &row.name).await?;
    }
    let action = if copied { "passkey.stopped" } else { "passkey.refused" };
    audit::record(&mut work, line(action, Some(account), &account.realm).denied().with("name", row.name.as_str())).await?;
    work.commit().await?;
    Ok(match copied {
        true => refused("This passkey may have been copied, so it was stopped. We have sent you a mail."),
        false => unfit(&error),
    })
}

fn read_key(row: &passkey::Model) -> Result<Passkey> {
    Ok(serde_json::from_slice(&row.key)?)
}

async fn keep(
    mut work: Work,
    kind: &'static str,
    account: Option<AccountId>,
    place: &Place,
    state: &impl Serialize,
    options: Value,
) -> Result<Question> {
    let id: CeremonyId = work.id();
    let now = work.now();
    // Those that nobody answered go with the next one.
    ceremony::Entity::delete_many().filter(ceremony::Column::AskedAt.lt(now.plus(-PATIENCE))).exec(work.write()).await?;
    let row = ceremony::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        account_id: Set(account),
        host: Set(place.host.clone()),
        state: Set(serde_json::to_vec(state)?),
        asked_at: Set(now),
    };
    ceremony::Entity::insert(row).exec_without_returning(work.write()).await?;
    work.counts_as_audited("a question; its answer is recorded");
    work.commit().await?;
    Ok(Question { ceremony: id, options })
}

/// The state of a question, used up: a second answer finds none.
async fn take<S: DeserializeOwned>(
    platform: &Arc<Platform>,
    actor: &Actor,
    kind: &'static str,
    account: Option<AccountId>,
    place: &Place,
    asked: CeremonyId,
) -> Result<S> {
    let late = || refused("That took too long, or was answered already.");
    let mut work = platform.work_in_line(actor.clone(), REACH).await?;
    let row = ceremony::Entity::rows().filter(ceremony::Column::Id.eq(asked)).one(work.read()).await?.ok_or_else(late)?;
    let gone = ceremony::Entity::delete_many().filter(ceremony::Column::Id.eq(asked)).exec(work.write()).await?;
    let in_time = work.now().since(row.asked_at) <= PATIENCE;
    work.counts_as_audited("a question is answered; the answer is recorded");
    work.commit().await?;
    let fits = gone.rows_affected == 1 && in_time && row.kind == kind && row.account_id == account && row.host == place.host;
    match fits {
        true => Ok(serde_json::from_slice(&row.state)?),
        false => Err(late()),
    }
}
