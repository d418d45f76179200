using JanusEvents.Monitoring.Notifications;

namespace JanusEvents.Monitoring.Tests.Notifications;

/// <summary>What a handler is notified of, and when.</summary>
public sealed class NotificationPlanTests
{
    private static readonly TimeSpan s_notifyAfter = TimeSpan.FromSeconds(10);

    private readonly NotificationPlan _plan = Plan();
    private TimeSpan _now;

    [Fact]
    public void The_begin_of_a_trouble_of_a_call_is_notified_when_it_was_open_for_ten_seconds_and_its_end_at_once()
    {
        Note(SampleTroubles.OfCall());
        After(9.9).Should().BeEmpty();
        TroubleNotification began = After(10).Should().ContainSingle().Subject;
        began.Type.Should().Be(TroubleNotificationType.Began);
        began.Sequence.Should().Be(1);
        began.Timestamp.Should().Be(SampleTroubles.OfCall().Confirmed);

        Note(SampleTroubles.OfCall().Over());
        TroubleNotification ended = After(10).Should().ContainSingle().Subject;
        ended.Type.Should().Be(TroubleNotificationType.Ended);
        ended.Sequence.Should().Be(2);
        ended.Id.Should().NotBe(began.Id).And.NotContain(".");
        After(4000).Should().BeEmpty();
    }

    [Fact]
    public void A_trouble_of_a_server_is_notified_at_once()
    {
        Note(SampleTroubles.OfServer());
        After(0).Should().ContainSingle().Which.Type.Should().Be(TroubleNotificationType.Began);
    }

    [Fact]
    public void One_that_recovers_before_it_was_notified_is_not_notified()
    {
        Note(SampleTroubles.OfCall());
        After(9).Should().BeEmpty();
        Note(SampleTroubles.OfCall().Over());
        After(100).Should().BeEmpty();
    }

    [Theory]
    [InlineData(TroubleEnd.CallEnded)]
    [InlineData(TroubleEnd.ServerEnded)]
    [InlineData(TroubleEnd.Unknown)]
    public void One_that_ends_with_its_call_before_it_was_notified_is_notified_once_with_both_times(TroubleEnd by)
    {
        Note(SampleTroubles.OfCall());
        Note(SampleTroubles.OfCall().Over(by));
        After(9.9).Should().BeEmpty();
        TroubleNotification only = After(10).Should().ContainSingle().Subject;
        only.Type.Should().Be(TroubleNotificationType.Ended);
        (only.Trouble!.Began, only.Trouble.Ended).Should().Be((SampleTroubles.Start, SampleTroubles.OfCall().Over().Ended));
        After(4000).Should().BeEmpty();
    }

    [Fact]
    public void A_momentary_trouble_is_notified_once()
    {
        Trouble moment = SampleTroubles.OfCall(code: TroubleCodes.SessionLost) with { Ended = SampleTroubles.Start.AddSeconds(2), EndedBy = TroubleEnd.Recovered };
        Note(moment);
        Note(moment);
        After(10).Should().ContainSingle().Which.Type.Should().Be(TroubleNotificationType.Ended);
        After(4000).Should().BeEmpty();
    }

    [Fact]
    public void An_end_without_a_begin_is_notified_if_the_trouble_was_open_before_the_host_started()
    {
        Note(SampleTroubles.OfCall(1).Over(TroubleEnd.CallEnded));
        After(100).Should().BeEmpty("a begin since then would have been noted");

        Trouble before = SampleTroubles.OfCall(2, began: SampleTroubles.Start.AddMinutes(-1));
        Note(before.Over());
        After(200).Should().BeEmpty("it recovered within ten seconds, and was never notified");
        Note(SampleTroubles.OfCall(3, began: SampleTroubles.Start.AddMinutes(-1)) with { Ended = SampleTroubles.Start.AddMinutes(1), EndedBy = TroubleEnd.Recovered });
        TroubleNotification ended = After(200).Should().ContainSingle().Subject;
        (ended.Type, ended.Sequence).Should().Be((TroubleNotificationType.Ended, 2));
    }

    [Fact]
    public void One_that_begins_again_is_the_same_one_changed()
    {
        Note(SampleTroubles.OfCall());
        After(10).Should().ContainSingle();
        Note(SampleTroubles.OfCall().Over());
        After(11).Should().ContainSingle();
        Note(SampleTroubles.OfCall().Over().Again());
        After(20).Should().BeEmpty();
        TroubleNotification changed = After(21).Should().ContainSingle().Subject;
        changed.Type.Should().Be(TroubleNotificationType.Changed);
        changed.Trouble!.Count.Should().Be(2);
        changed.Sequence.Should().Be(3);
    }

    [Fact]
    public void One_that_begins_again_and_recovers_soon_is_not_notified_again()
    {
        Note(SampleTroubles.OfCall());
        After(10).Should().ContainSingle();
        Note(SampleTroubles.OfCall().Over());
        After(11).Should().ContainSingle();
        Note(SampleTroubles.OfCall().Over().Again());
        Note(SampleTroubles.OfCall().Over().Again().Over());
        After(100).Should().BeEmpty();
    }

    [Fact]
    public void One_that_gets_worse_is_changed_and_has_the_former_severity()
    {
        Note(SampleTroubles.OfCall(severity: TroubleSeverity.Warning));
        After(10).Should().ContainSingle();
        Note(SampleTroubles.OfCall());
        TroubleNotification changed = After(10).Should().ContainSingle().Subject;
        changed.Type.Should().Be(TroubleNotificationType.Changed);
        changed.PreviousSeverity.Should().Be(TroubleSeverity.Warning);
    }

    [Fact]
    public void Info_is_never_notified_and_less_than_the_least_severity_neither_until_it_gets_worse()
    {
        NotificationPlan plan = Plan(TroubleSeverity.Error);
        plan.Note(SampleTroubles.OfCall(1, severity: TroubleSeverity.Info), _now, SampleTroubles.Start);
        plan.Note(SampleTroubles.OfCall(2, severity: TroubleSeverity.Warning), _now, SampleTroubles.Start);
        Taken(plan, 100).Should().BeEmpty();
        plan.Note(SampleTroubles.OfCall(2), _now, SampleTroubles.Start);
        Taken(plan, 200).Should().ContainSingle().Which.Type.Should().Be(TroubleNotificationType.Began);
    }

    [Fact]
    public void A_storm_of_500_calls_and_their_server_is_one_message_and_one_digest()
    {
        Note(SampleTroubles.OfServer());
        for (int i = 1; i <= 500; i++)
            Note(SampleTroubles.OfCall(i));
        After(0).Should().ContainSingle().Which.Trouble!.Code.Should().Be(TroubleCodes.ServerSilent);

        List<TroubleNotification> rest = [];
        for (int second = 1; second < 120; second++)
            rest.AddRange(After(second));

        TroubleDigest digest = rest.Should().ContainSingle().Subject.Digest!;
        digest.Count.Should().Be(500);
        digest.Counts.Should().Equal(new TroubleCount("edge-7", TroubleCodes.MediaLost, TroubleSeverity.Error, 500));

        for (int i = 1; i <= 500; i++)
            Note(SampleTroubles.OfCall(i).Over(TroubleEnd.CallEnded));
        After(600).Should().BeEmpty("the ends of what a digest counted say nothing new");
    }

    [Fact]
    public void A_storm_without_a_trouble_of_the_server_is_one_digest_by_code_and_server()
    {
        for (int i = 1; i <= 30; i++)
            Note(SampleTroubles.OfCall(i, emitter: i <= 20 ? "edge-7" : "edge-8"));
        List<TroubleNotification> all = [.. After(10), .. After(20)];
        all.Should().ContainSingle().Which.Digest!.Counts.Should().Equal(
            new TroubleCount("edge-7", TroubleCodes.MediaLost, TroubleSeverity.Error, 20),
            new TroubleCount("edge-8", TroubleCodes.MediaLost, TroubleSeverity.Error, 10));
    }

    [Fact]
    public void Twenty_in_a_minute_are_notified_one_by_one_and_further_ones_in_a_digest_until_the_minute_is_over()
    {
        for (int i = 1; i <= 20; i++)
            Note(SampleTroubles.OfCall(i));
        After(10).Should().HaveCount(20).And.OnlyContain(n => n.Type == TroubleNotificationType.Began);
        Note(SampleTroubles.OfCall(21));
        After(30).Should().BeEmpty();
        After(40).Should().ContainSingle().Which.Digest!.Count.Should().Be(1);
        After(90).Should().BeEmpty();
        Note(SampleTroubles.OfCall(22));
        After(120).Should().ContainSingle().Which.Type.Should().Be(TroubleNotificationType.Began);
    }

    [Fact]
    public void A_trouble_of_a_server_is_notified_in_the_middle_of_a_storm_of_another_one()
    {
        for (int i = 1; i <= 100; i++)
            Note(SampleTroubles.OfCall(i));
        After(10).Should().BeEmpty();
        After(20).Should().ContainSingle().Which.Type.Should().Be(TroubleNotificationType.Digest);
        Note(SampleTroubles.OfServer(emitter: "edge-8"));
        After(21).Should().ContainSingle().Which.Type.Should().Be(TroubleNotificationType.Began);
    }

    [Fact]
    public void No_more_than_a_thousand_begins_wait_and_all_others_are_counted()
    {
        for (int i = 1; i <= 2_500; i++)
            Note(SampleTroubles.OfCall(i));
        List<TroubleNotification> all = [];
        for (int second = 0; second < 300; second += 5)
            all.AddRange(After(second));
        all.Should().OnlyContain(n => n.Type == TroubleNotificationType.Digest);
        all.Sum(n => n.Digest!.Count).Should().Be(2_500);
    }

    [Fact]
    public void A_failed_message_is_retried_with_the_same_id_and_dropped_after_six_attempts()
    {
        Note(SampleTroubles.OfServer());
        List<(TimeSpan At, string Id)> attempts = [];
        for (int second = 0; second < 7_200; second++)
        {
            _now = TimeSpan.FromSeconds(second);
            if (_plan.Take(_now, SampleTroubles.Start) is { } planned)
            {
                attempts.Add((_now, planned.Message!.Id));
                _plan.Failed(planned, _now, null);
            }
        }

        attempts.Select(a => a.Id).Distinct().Should().ContainSingle();
        double[] waits = [.. attempts.Zip(attempts.Skip(1), (a, b) => (b.At - a.At).TotalSeconds)];
        waits.Should().HaveCount(5);
        foreach ((double wait, double step) in waits.Zip([5.0, 30, 120, 600, 1800]))
            wait.Should().BeInRange((step * 0.8) - 1, (step * 1.2) + 1);
        _plan.Dropped.Should().Be(1);
    }

    [Fact]
    public void What_ended_while_its_begin_was_retried_is_one_message_with_both_times()
    {
        Note(SampleTroubles.OfServer());
        PlannedMessage planned = _plan.Take(_now, SampleTroubles.Start)!;
        TroubleNotification began = planned.Message!;
        began.Type.Should().Be(TroubleNotificationType.Began);
        Note(SampleTroubles.OfServer().Over());
        _plan.Failed(planned, _now, null);
        TroubleNotification only = After(10).Should().ContainSingle().Subject;
        only.Type.Should().Be(TroubleNotificationType.Ended);
        only.Id.Should().NotBe(began.Id);
        After(7_200).Should().BeEmpty();
    }

    [Fact]
    public void A_receiver_that_wants_to_be_spared_gets_nothing_meanwhile()
    {
        Note(SampleTroubles.OfServer());
        _plan.Failed(_plan.Take(_now, SampleTroubles.Start)!, _now, TimeSpan.FromSeconds(100));
        Note(SampleTroubles.OfServer(emitter: "edge-8"));
        _plan.NextDue().Should().Be(TimeSpan.FromSeconds(100));
        After(99).Should().BeEmpty();
        After(100).Should().HaveCount(2);
    }

    [Fact]
    public void What_waited_for_an_hour_is_dropped()
    {
        Note(SampleTroubles.OfServer());
        After(3_601).Should().BeEmpty();
        _plan.Dropped.Should().Be(1);
    }

    [Fact]
    public void After_a_restart_the_end_of_what_was_open_is_notified_and_its_begin_is_not()
    {
        _plan.Resume(SampleTroubles.OfCall(), _now, SampleTroubles.Start.AddHours(1));
        After(100).Should().BeEmpty();
        _plan.Current().Should().ContainSingle();
        Note(SampleTroubles.OfCall().Over(TroubleEnd.Unknown));
        TroubleNotification ended = After(100).Should().ContainSingle().Subject;
        (ended.Type, ended.Sequence).Should().Be((TroubleNotificationType.Ended, 2));
    }

    [Fact]
    public void What_ended_is_forgotten_after_some_minutes()
    {
        for (int round = 0; round < 200; round++)
        {
            Note(SampleTroubles.OfServer(emitter: $"edge-{round}"));
            After(round * 60).Should().ContainSingle();
            Note(SampleTroubles.OfServer(emitter: $"edge-{round}").Over());
            After(round * 60).Should().ContainSingle();
        }

        _plan.Current().Should().HaveCountLessThanOrEqualTo(6);
    }

    private static NotificationPlan Plan(TroubleSeverity minSeverity = TroubleSeverity.Warning) =>
        new(new NotificationRules(minSeverity, s_notifyAfter, TimeSpan.Zero, 20), new NotificationTexts(null), SampleTroubles.Start.AddSeconds(-1));

    private void Note(Trouble trouble) => _plan.Note(trouble, _now, SampleTroubles.Start + _now);

    private List<TroubleNotification> After(double seconds)
    {
        _now = TimeSpan.FromSeconds(seconds);
        return Taken(_plan, seconds);
    }

    private static List<TroubleNotification> Taken(NotificationPlan plan, double seconds)
    {
        TimeSpan now = TimeSpan.FromSeconds(seconds);
        List<TroubleNotification> taken = [];
        while (plan.Take(now, SampleTroubles.Start + now) is { } planned)
        {
            taken.Add(planned.Message!);
            plan.Succeeded(planned, now);
        }

        return taken;
    }
}
