use std::time::Duration;

use conclave_client::{AudioOptions, Topology, VideoOptions};
use conclave_sfu::Fact;
use conclave_testkit::World;

const PEOPLE: usize = 10;

#[test]
fn ten_people_see_and_hear_each_other_and_leave_and_come_again() {
    let mut world = World::new(31);
    for cycle in 0..2 {
        let people: Vec<_> = (0..PEOPLE)
            .map(|n| {
                let topology = if n % 2 == 0 {
                    Topology::Single
                } else {
                    Topology::Dual
                };
                world.enter("room", &format!("person {n}"), topology, |_| {})
            })
            .collect();
        for person in &people {
            world.tell(*person, |endpoint, now| {
                endpoint
                    .publish_video(now, &VideoOptions::small_camera())
                    .unwrap();
                endpoint
                    .publish_audio(now, &AudioOptions::default())
                    .unwrap();
            });
        }
        world.run(Duration::from_secs(10));

        for person in &people {
            let reports = world.reports(*person);
            assert_eq!(reports.len(), 2 * (PEOPLE - 1), "cycle {cycle}");
            for report in reports {
                assert!(report.frames > 100, "cycle {cycle}: {report:?}");
                assert_eq!(
                    (report.lost, report.corrupt),
                    (0, 0),
                    "cycle {cycle}: {report:?}"
                );
            }
        }

        for person in &people {
            world.tell(*person, |endpoint, now| endpoint.leave(now));
        }
        world.run(Duration::from_secs(2));
        let left = world.facts().into_iter();
        let left = left.filter(|fact| matches!(fact, Fact::ParticipantLeft { .. }));
        assert_eq!(left.count(), PEOPLE);
    }
}
