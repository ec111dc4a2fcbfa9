use proptest::prelude::*;

use super::*;
use crate::layers::{SPATIAL_LAYERS, TEMPORAL_LAYERS};

const CAMERA: u8 = 1;
const SCREEN: u8 = 2;

#[test]
fn budgets_are_divided() {
    // (what, estimate, audio, demands, expected spatial layers; a dash is a pause)
    let camera = || demand(CAMERA, &[100, 400, 1_500], None);
    let screen = || demand(SCREEN, &[500, 2_000], None);
    let table: Vec<(&str, u64, u64, Vec<Demand>, &str)> = vec![
        ("nothing is wanted", 1_000, 0, vec![], ""),
        ("plenty", 10_000, 40, vec![camera(), camera()], "22"),
        ("one just fits", 1_667, 0, vec![camera()], "2"),
        ("the headroom does not fit", 1_660, 0, vec![camera()], "1"),
        ("the middle layer", 600, 0, vec![camera()], "1"),
        ("audio comes first", 600, 300, vec![camera()], "0"),
        ("too little for any", 90, 0, vec![camera()], "-"),
        ("only one of two", 150, 0, vec![camera(), camera()], "0-"),
        (
            "equals rise in turn",
            1_000,
            0,
            vec![camera(), camera()],
            "11",
        ),
        (
            "equals share what is odd",
            700,
            0,
            vec![camera(), camera()],
            "10",
        ),
        (
            "a screen rises first",
            2_500,
            0,
            vec![camera(), screen()],
            "01",
        ),
        (
            "a screen leaves the rest",
            3_000,
            0,
            vec![camera(), screen()],
            "11",
        ),
        (
            "a screen outlasts cameras",
            600,
            0,
            vec![camera(), screen()],
            "-0",
        ),
        (
            "what is too big passes by",
            400,
            0,
            vec![screen(), camera()],
            "-0",
        ),
        ("all is spent on audio", 50, 60, vec![camera()], "-"),
    ];

    for (what, estimate, audio, demands, expected) in table {
        let targets = allocated(Some(estimate), audio, true, &demands);
        assert_eq!(spelled(&targets), expected, "{what}");
    }
}

#[test]
fn a_larger_picture_at_a_lower_rate_is_reached_past_what_does_not_fit() {
    let mut camera = demand(CAMERA, &[100], None);
    camera.bitrates.0[0] = [100_000, 900_000, 0, 0];
    camera.bitrates.0[1] = [300_000, 2_000_000, 0, 0];
    camera.wanted = Layer::HIGHEST;

    let targets = allocated(Some(500), 0, true, &[camera]);

    let larger = Layer {
        spatial: 1,
        temporal: 0,
    };
    assert_eq!(targets, [Some(larger)]);
}

#[test]
fn an_unknown_estimate_gives_everything() {
    let demands = [
        demand(CAMERA, &[100, 400], None),
        demand(SCREEN, &[9_000], None),
    ];

    assert_eq!(spelled(&allocated(None, 0, true, &demands)), "10");
}

#[test]
fn where_pausing_is_not_allowed_the_lowest_layer_is_sent() {
    let demands = [
        demand(CAMERA, &[100, 400], None),
        demand(CAMERA, &[100, 400], None),
    ];

    assert_eq!(spelled(&allocated(Some(50), 0, false, &demands)), "00");
}

#[test]
fn a_video_of_which_nothing_arrives_gets_what_it_wants() {
    let demands = [demand(CAMERA, &[], None)];

    let targets = allocated(Some(0), 0, true, &demands);

    assert_eq!(targets, [Some(Layer::HIGHEST)]);
}

#[test]
fn more_than_is_wanted_is_not_given() {
    let mut wish = demand(CAMERA, &[100, 400, 1_500], None);
    wish.wanted = Layer {
        spatial: 1,
        temporal: 0,
    };

    assert_eq!(spelled(&allocated(Some(9_000), 0, true, &[wish])), "1");
}

#[test]
fn if_only_more_than_wanted_arrives_the_least_of_it_is_given() {
    let mut wish = demand(CAMERA, &[0, 400, 1_500], None);
    wish.wanted = Layer::default();

    assert_eq!(spelled(&allocated(Some(9_000), 0, true, &[wish])), "1");
}

#[test]
fn temporal_layers_are_steps_too() {
    let mut wish = demand(CAMERA, &[100, 400], None);
    wish.bitrates.0[0] = [50_000, 80_000, 100_000, 0];

    let targets = allocated(Some(95), 0, true, &[wish]);

    assert_eq!(
        targets,
        [Some(Layer {
            spatial: 0,
            temporal: 1
        })]
    );
}

#[test]
fn what_was_given_is_kept_without_headroom() {
    let keeps = demand(CAMERA, &[100, 400], Some(1));
    let rises = demand(CAMERA, &[100, 400], Some(0));

    assert_eq!(spelled(&allocated(Some(400), 0, true, &[keeps])), "1");
    assert_eq!(spelled(&allocated(Some(400), 0, true, &[rises])), "0");
}

#[test]
fn a_wavering_estimate_changes_a_layer_once() {
    let mut wish = demand(CAMERA, &[100, 400, 1_500], None);
    let mut changes = 0;
    for round in 0..50 {
        let estimate = if round % 2 == 0 { 430 } else { 400 };
        let targets = allocated(Some(estimate), 0, true, &[wish.clone()]);
        if targets[0] != wish.given {
            changes += 1;
        }
        wish.given = targets[0];
    }

    assert_eq!(changes, 1);
}

#[test]
fn the_desired_bitrate_covers_what_is_wanted() {
    let demands = [
        demand(CAMERA, &[100, 400], None),
        demand(SCREEN, &[2_000], None),
    ];

    assert_eq!(desired_bitrate(40_000, &demands), 2_440_000);
}

proptest! {
    #[test]
    fn the_budget_is_kept(estimate in 0_u64..9_000_000, audio in 0_u64..200_000, demands in any_demands()) {
        let budget = Budget { estimate: Some(estimate), audio, allow_pause: true };
        let mut targets = Vec::new();

        allocate(&budget, &demands, &mut targets);

        let spent: u64 = demands.iter().zip(&targets)
            .map(|(demand, target)| target.map_or(0, |layer| demand.bitrates.of(layer)))
            .sum();
        prop_assert!(spent <= estimate.saturating_sub(audio));
    }

    #[test]
    fn without_pauses_all_are_sent_and_only_lowest_layers_exceed_the_budget(
        estimate in 0_u64..9_000_000, demands in any_demands(),
    ) {
        let budget = Budget { estimate: Some(estimate), audio: 0, allow_pause: false };
        let mut targets = Vec::new();

        allocate(&budget, &demands, &mut targets);

        prop_assert!(targets.iter().all(Option::is_some));
        let raised: u64 = demands.iter().zip(&targets)
            .map(|(demand, target)| {
                let cost = target.map_or(0, |layer| demand.bitrates.of(layer));
                let lowest = Video::new(0, demand).steps[0].1;
                cost.saturating_sub(lowest)
            })
            .sum();
        prop_assert!(raised <= estimate);
    }

    #[test]
    fn the_most_important_never_gets_less_from_more(
        estimate in 0_u64..9_000_000, more in 0_u64..3_000_000, demands in any_demands(),
    ) {
        let mut targets = Vec::new();
        let mut most_important = |estimate| {
            let budget = Budget { estimate: Some(estimate), audio: 0, allow_pause: true };
            let highest = demands.iter().map(|demand| demand.priority).max();
            let first = demands.iter().position(|demand| Some(demand.priority) == highest);
            allocate(&budget, &demands[first.unwrap()..=first.unwrap()], &mut targets);
            targets[0]
        };

        prop_assert!(most_important(estimate) <= most_important(estimate + more));
    }

    #[test]
    fn more_budget_resumes_the_more_important_first(
        estimate in 0_u64..9_000_000, more in 0_u64..3_000_000, demands in any_demands(),
    ) {
        let sent = |estimate| {
            let budget = Budget { estimate: Some(estimate), audio: 0, allow_pause: true };
            let mut targets = Vec::new();
            allocate(&budget, &demands, &mut targets);
            let mut order: Vec<usize> = (0..demands.len()).collect();
            order.sort_by_key(|index| std::cmp::Reverse(demands[*index].priority));
            order.iter().map(|index| targets[*index].is_some()).collect::<Vec<bool>>()
        };

        prop_assert!(sent(estimate) <= sent(estimate + more));
    }

    #[test]
    fn the_same_input_gives_the_same_answer(estimate in 0_u64..9_000_000, demands in any_demands()) {
        let budget = Budget { estimate: Some(estimate), audio: 0, allow_pause: true };
        let (mut first, mut second) = (Vec::new(), vec![None; 99]);

        allocate(&budget, &demands, &mut first);
        allocate(&budget, &demands, &mut second);

        prop_assert_eq!(first, second);
    }
}

fn any_demands() -> impl Strategy<Value = Vec<Demand>> {
    let spatial = 0..SPATIAL_LAYERS as u8;
    let temporal = 0..TEMPORAL_LAYERS as u8;
    let layer = (spatial, temporal).prop_map(|(spatial, temporal)| Layer { spatial, temporal });
    let costs = prop::array::uniform3(prop::array::uniform4(0_u64..900_000));
    let demand = (0_u8..3, layer.clone(), costs, prop::option::of(layer));
    let demand = demand.prop_map(|(priority, wanted, costs, given)| Demand {
        priority,
        wanted,
        bitrates: LayerBitrates(costs),
        given,
    });
    prop::collection::vec(demand, 1..8)
}

/// Costs in kbit/s, one spatial layer each; zero does not arrive.
fn demand(priority: u8, costs: &[u64], given: Option<u8>) -> Demand {
    let mut bitrates = LayerBitrates::default();
    for (row, cost) in bitrates.0.iter_mut().zip(costs) {
        row[0] = cost * 1_000;
    }
    let layer = |spatial| Layer {
        spatial,
        temporal: 0,
    };
    Demand {
        priority,
        wanted: Layer::HIGHEST,
        bitrates,
        given: given.map(layer),
    }
}

fn allocated(
    kbits: Option<u64>,
    audio: u64,
    allow_pause: bool,
    demands: &[Demand],
) -> Vec<Option<Layer>> {
    let budget = Budget {
        estimate: kbits.map(|kbits| kbits * 1_000),
        audio: audio * 1_000,
        allow_pause,
    };
    let mut targets = Vec::new();
    allocate(&budget, demands, &mut targets);
    targets
}

fn spelled(targets: &[Option<Layer>]) -> String {
    targets
        .iter()
        .map(|target| target.map_or("-".to_owned(), |layer| layer.spatial.to_string()))
        .collect()
}
