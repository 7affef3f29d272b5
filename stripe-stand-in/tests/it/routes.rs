//! Every address refuses what it does not know.

use crate::stage::*;

#[test]
fn every_address_refuses_a_parameter_it_does_not_know() {
    let one = stand_in();
    let routes = one.admin("GET", "routes", serde_json::json!({})).expect("routes");
    let routes = routes.as_array().expect("a list");
    assert!(routes.len() > 70, "{}", routes.len());
    for route in routes {
        let (method, path) = (route["method"].as_str().expect("a method"), route["path"].as_str().expect("a path"));
        let path = path.replace(':', "");
        let (status, _, code, param) = refusal(&one.call(method, &path, "shoe_size=44"));
        assert_eq!((status, code.as_str(), param.as_str()), (400, "parameter_unknown", "shoe_size"), "{method} {path}");
    }
}
