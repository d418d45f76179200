using JanusEvents.Observation;
using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Observation;

public sealed class IntakeTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);

    private readonly TestTime _clock = new() { Now = s_start };
    private readonly Intake _intake;

    public IntakeTests() => _intake = new Intake(_clock);

    [Fact]
    public void It_tells_what_came_from_which_server_and_when()
    {
        _clock.Now = s_start.AddSeconds(1);
        _intake.Record(Body("10.0.0.1", "a", "a", "b", "a"));
        _clock.Now = s_start.AddSeconds(2);
        ReceivedBody again = Body("10.0.0.2", "b", null);
        _intake.Record(again);
        _intake.Record(again);

        _intake.Since.Should().Be(s_start);
        _intake.Bodies.Should().Be(2, "a body that its door hands over once more is one");
        _intake.Events.Should().Be(6);
        _intake.LastBodyAt.Should().Be(s_start.AddSeconds(2));
        _intake.ReadEmitters().Should().Equal(
            new EmitterIntake(null, s_start.AddSeconds(2), s_start.AddSeconds(2), "10.0.0.2", 1, 1),
            new EmitterIntake("b", s_start.AddSeconds(1), s_start.AddSeconds(2), "10.0.0.2", 2, 2),
            new EmitterIntake("a", s_start.AddSeconds(1), s_start.AddSeconds(1), "10.0.0.1", 1, 3));
    }

    [Fact]
    public void Refused_credentials_are_counted()
    {
        _intake.LastRefusedAt.Should().BeNull();
        _intake.NoteRefusedCredentials();
        _intake.RefusedCredentials.Should().Be(1);
        _intake.LastRefusedAt.Should().Be(s_start);
        _intake.LastBodyAt.Should().BeNull();
    }

    [Fact]
    public void The_server_that_was_silent_longest_makes_room()
    {
        for (int i = 0; i < Intake.MaxEmitters; i++)
            _intake.Record(Body(null, $"server {i}"));
        _intake.Record(Body(null, "server 0"));
        _intake.Record(Body(null, "new", new string('x', 1_000_000)));

        string?[] names = [.. _intake.ReadEmitters().Select(e => e.Emitter)];
        names.Should().HaveCount(Intake.MaxEmitters);
        names.Take(3).Should().Equal(new string('x', Intake.LongestEmitter), "new", "server 0");
        names.Should().NotContain("server 1").And.NotContain("server 2").And.Contain("server 3");
    }

    private static ReceivedBody Body(string? remoteAddress, params string?[] emitters) =>
        ReceivedBody.FromEvents([.. emitters.Select(e => new DtlsEvent { Emitter = e, State = "connected" })], s_start, remoteAddress);
}
