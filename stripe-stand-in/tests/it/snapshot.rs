//! With a snapshot the stand-in survives being killed.

use stripe_stand_in::{Options, StandIn};

use crate::stage::*;

#[test]
fn a_restarted_stand_in_knows_its_charges_its_keys_and_what_is_still_to_come() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || Options { snapshot: Some(folder.path().join("stripe.json")), ..Options::default() };
    let one = start(options());
    let (customer, method) = payer(&one, "000123456789");
    let form = charge_form(&customer, &method, 5000);
    let intent = ok(&keyed(&one, "/v1/payment_intents", &form, "k1"));
    drop(one);
    let one = StandIn::start(options()).expect("again");
    assert_eq!(one.now(), START, "its clock stands where it stood");
    assert_eq!(id(&ok(&keyed(&one, "/v1/payment_intents", &form, "k1"))), id(&intent));
    one.advance(4 * DAY);
    assert_eq!(get(&one, &format!("/v1/payment_intents/{}", id(&intent)), "")["status"], "succeeded");
    assert_eq!(count(&one.money(), "charges"), 1);
}
