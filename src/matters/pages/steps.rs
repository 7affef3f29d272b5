//! The buttons of a matter: claim, join, resolve, close, re-open. Each leads back to the matter.

use crate::{
    matters::{
        Claimant, Closer, Joiner, Resolver, Steersman, claim as claim_matter, close as close_matter, join as join_matter,
        reopen as reopen_matter, resolve as resolve_matter,
    },
    platform::web::{Answer, Ask, see_other},
};

macro_rules! steps {
    ($($name:ident: $witness:ident, $command:ident, $words:literal;)+) => {$(
        pub async fn $name(ask: Ask<$witness>) -> Answer {
            let mut work = ask.work(ask.who.view.caller.reach()).await?;
            $command(&mut work, &ask.who).await?;
            work.commit().await?;
            see_other(format!("/legal/matters/{}", ask.who.view.matter.id)).toast($words).answer()
        }
    )+};
}

steps! {
    claim: Claimant, claim_matter, "The matter is yours";
    join: Joiner, join_matter, "You take part now";
    resolve: Resolver, resolve_matter, "Marked resolved; the MSP is asked to close it";
    close: Closer, close_matter, "The matter is closed";
    reopen: Steersman, reopen_matter, "The matter is open again";
}
