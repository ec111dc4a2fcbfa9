//! What browsers are told beside the pages themselves, and the probes.

use reqwest::{Client, Method, StatusCode, header};

use crate::caller::Caller;
use crate::server_in_a_box::Server;

// Shows: REQ-AC-05, ABUSE-32, ABUSE-33.
#[tokio::test]
async fn every_address_of_the_application_is_its_page_under_a_strict_policy() {
    let server = Server::executable().await;
    for path in [
        "/",
        "/sign-in",
        "/signed-in",
        "/invited",
        "/requested",
        "/reset",
        "/email",
        "/forgot",
        "/ask",
        "/admin/people",
        "/setup",
        "/meet",
        "/meet/x/y",
        "/j/123-456-789",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let response = Client::new()
                .request(method, server.url() + path)
                .send()
                .await
                .unwrap();

            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let headers = response.headers();
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'")
            );
            assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"));
            assert!(policy.contains("worker-src 'self';"));
            assert!(!policy.replace("'wasm-unsafe-eval'", "").contains("unsafe"));
            assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY");
            assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
            assert_eq!(headers["x-robots-tag"], "noindex");
            assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_page_for_a_strange_host_names_no_strange_origin() {
    let server = Server::start().await;

    let response = Client::new()
        .get(server.url())
        .header(header::HOST, "a;b")
        .send()
        .await
        .unwrap();

    if let Some(policy) = response.headers().get(header::CONTENT_SECURITY_POLICY) {
        assert!(!policy.to_str().unwrap().contains("a;b"));
    }
    server.stop().await;
}

// Shows: ABUSE-33.
#[tokio::test]
async fn answers_of_the_api_are_kept_nowhere_and_shared_with_nobody() {
    let server = Server::executable().await;
    let nobody = Caller::nobody(&server);
    for path in ["/server", "/session", "/nothing-here"] {
        let answer = nobody.get(path).await;

        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert!(
            !answer
                .headers
                .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            "{path}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_answered_with_problems() {
    let server = Server::start().await;
    let nobody = Caller::nobody(&server);

    let missing = nobody.get("/nothing-here").await;
    assert_eq!(
        (missing.status, missing.code()),
        (StatusCode::NOT_FOUND, "not_found".to_owned())
    );
    assert_eq!(
        missing.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let missing = nobody.post("/nothing-here").await;
    assert_eq!(missing.code(), "not_found");
    let wrong = nobody.send(Method::PUT, "/session", None).await;
    assert_eq!(wrong.code(), "method_not_allowed");
    server.stop().await;
}

#[tokio::test]
async fn an_address_that_is_not_there_is_the_page_to_browsers_and_a_problem_to_programs() {
    let server = Server::start().await;
    for path in ["/nowhere", "/meet-me/there", "/sign-in/x"] {
        for (accept, media_type) in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", "text/"),
            ("*/*", "application/problem+json"),
        ] {
            let request = Client::new().get(server.url() + path);
            let response = request.header(header::ACCEPT, accept).send().await.unwrap();

            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            let answered = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
            assert!(answered.starts_with(media_type), "{path}: {answered}");
            let has_policy = response
                .headers()
                .contains_key(header::CONTENT_SECURITY_POLICY);
            assert_eq!(has_policy, media_type == "text/", "{path}");
        }
    }
    server.stop().await;
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let description: serde_json::Value = serde_json::from_str(conclave::http::openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let names: Vec<_> = operations
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();

    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
}

#[tokio::test]
async fn probes_answer_on_both_listeners_and_figures_on_the_operators_alone() {
    let server = Server::start().await;
    let status = async |url: String| reqwest::get(url).await.unwrap().status();
    for base in [server.url(), server.admin_url()] {
        for path in ["/livez", "/readyz"] {
            assert_eq!(
                status(format!("{base}{path}")).await,
                StatusCode::OK,
                "{path}"
            );
        }
    }

    assert_eq!(
        status(format!("{}/metrics", server.url())).await,
        StatusCode::NOT_FOUND
    );
    let figures = reqwest::get(format!("{}/metrics", server.admin_url()))
        .await
        .unwrap();
    let figures = figures.text().await.unwrap();
    assert!(
        figures.contains(
            r#"conclave_http_requests_total{method="GET",route="/readyz",status="200"} 1"#
        )
    );
    assert!(figures.ends_with("# EOF\n"));
    server.stop().await;
}

// Shows: REQ-AD-07.
#[tokio::test]
async fn the_description_is_served_as_the_program_prints_it() {
    let server = Server::start().await;

    let served = reqwest::get(format!("{}/api/v1/openapi.json", server.url()))
        .await
        .unwrap();

    assert_eq!(served.text().await.unwrap(), conclave::http::openapi());
    server.stop().await;
}
