//! Matters: legal issues from open to closed, each with its conversation and documents.
//!
//! Promise: a matter goes `open → in_progress → resolved → closed` and back to `in_progress`; whoever takes part is named, and
//! who does not gets no word, no count and no name of it. Somebody taken out is out from that moment.
//! Owns: `matters_*`. The description is sealed under the matter's own data key.
//! Refuses: a step that does not follow, claiming what is claimed, taking the responsible attorney out.
//! Tells: [`events`].
//!
//! Who sees what: MSP staff, clients, of counsel and outside counsel see the matters they take part in; the primary attorney,
//! associates and paralegals see every matter of the tenant and its description, but read its conversation and documents only
//! after they have joined it (by claiming, or by joining, which is said in the conversation and written in the audit log).

mod access;
mod api;
mod commands;
mod crypt;
pub mod events;
mod matter;
mod pages;
mod queries;
pub mod routes;

pub use access::{
    Claimant, ClientMatter, Closer, Joiner, MatterOpener, MatterView, Resolver, Steersman, Uploader, is_active_staff, is_counsel,
};
pub use commands::{
    add_participant::add_participant,
    change_urgency::change_urgency,
    claim::claim,
    close::close,
    file_documents::file_documents,
    join::join,
    open::{OpenMatter, open},
    remove_participant::remove_participant,
    rename::rename,
    reopen::reopen,
    resolve::resolve,
};
pub use matter::{MatterLine, owner};
pub use pages::{Header, header};
pub use queries::{
    ClientLine, Counts, activity_of_company, counts, documents, for_client, of_conversation, participants, recent, visible,
    visible_in,
};
