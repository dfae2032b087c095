from services.analysis.stages import STAGES, Stages


def test_each_stage_is_told_once_and_none_goes_back():
    """The second of many niches enters the same stages again, and the bar does not jump back for it."""
    told: list[tuple[int, int, str, str]] = []
    stages = Stages(lambda *said: told.append(said), "deep")

    for stage in ("rows", "market", "learn", "judge", "learn", "judge", "write"):
        stages.enter(stage)

    assert [stage for *_, stage in told] == ["rows", "market", "learn", "judge", "write"]
    assert [done for done, *_ in told] == sorted(done for done, *_ in told)
    assert {total for _, total, *_ in told} == {len(STAGES["deep"])}
