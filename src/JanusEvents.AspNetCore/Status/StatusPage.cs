using System.Globalization;
using System.Text;
using JanusEvents.AspNetCore.Requests;
using JanusEvents.Observation;

namespace JanusEvents.AspNetCore.Status;

/// <summary>
/// The page that a GET shows: plain text, for somebody who wonders why no events arrive. What others can choose (names of
/// servers, the Host header) is kept to one line of printable characters.
/// </summary>
internal sealed class StatusPage
{
    private const int MaxEmitters = 100;
    private const string Indent = "    ";

    private readonly StringBuilder _text = new();
    private readonly Uri _address;
    private readonly DateTimeOffset _now;

    public StatusPage(Uri address, DateTimeOffset now)
    {
        _address = address;
        _now = now;
        Line($"JanusEvents at {address.AbsoluteUri}");
    }

    public void AddCounts(Intake intake)
    {
        Line($"Up since {Time(intake.Since)}, {Span(_now - intake.Since)}. Times are in UTC.");
        Line($"");
        Line($"Received by this host:");
        Line($"{Indent}{"bodies",-22}{intake.Bodies,12}{Last(intake.LastBodyAt)}");
        Line($"{Indent}{"events",-22}{intake.Events,12}");
        Line($"{Indent}{"invalid elements",-22}{intake.RejectedElements,12}");
        Line($"Not taken:");
        Line($"{Indent}{"refused credentials",-22}{intake.RefusedCredentials,12}{Last(intake.LastRefusedAt)}");
        Line($"{Indent}{"refused bodies",-22}{intake.RefusedBodies,12}");
        Line($"{Indent}{"not answered",-22}{intake.Unanswered,12}");
        Line($"");
        if (intake.RefusedCredentials > 0)
            Line($"Somebody sends no credentials or wrong ones. See backend_user and backend_pwd of each Janus.");
        if (intake.Unanswered > 0)
            Line($"Bodies that could not be read or stored in time are not answered, so that Janus retransmits them. The log of this host has the reason.");
        if (intake.RefusedCredentials + intake.Unanswered > 0)
            Line($"");
    }

    public void AddEmitters(IReadOnlyList<EmitterIntake> emitters)
    {
        if (emitters.Count == 0)
        {
            Line($"No Janus has sent an event yet. docs/getting-started.md lists what to check, step by step.");
        }
        else
        {
            Line($"From these servers, the one that was heard last first:");
            Line($"{Indent}{"last",-19}  {"",-14}{"first",-19}  {"bodies",12}{"events",12}  {"address",-15}  emitter");
        }

        foreach (EmitterIntake emitter in emitters.Take(MaxEmitters))
        {
            string ago = $"{Span(_now - emitter.LastAt)} ago";
            string counts = string.Create(CultureInfo.InvariantCulture, $"{emitter.Bodies,12}{emitter.Events,12}");
            Line($"{Indent}{Time(emitter.LastAt)}  {ago,-14}{Time(emitter.FirstAt)}  {counts}  {emitter.RemoteAddress ?? "-",-15}  {Printable(emitter.Emitter)}");
        }

        if (emitters.Count > MaxEmitters)
            Line($"{Indent}and {emitters.Count - MaxEmitters} more");
        Line($"");
    }

    public void AddSinks(IEnumerable<SinkOutcome> sinks, BacklogFigures? backlog)
    {
        Line($"They go to:");
        foreach (SinkOutcome sink in sinks)
        {
            string how = sink switch
            {
                { Failures: > 0, LastFailedAt: { } at } =>
                    string.Create(CultureInfo.InvariantCulture, $"failed {sink.Failures} times, the last {Span(_now - at)} ago ({sink.LastError}); the log of this host says why"),
                { LastStoredAt: { } at } => $"the last at {Time(at)}, {Span(_now - at)} ago",
                _ => "nothing yet",
            };
            Line($"{Indent}{Printable(sink.Name)}: {how}");
        }

        if (backlog is not null)
        {
            string oldest = backlog.OldestArrivedAt is { } at ? $", the oldest since {Time(at)}, {Span(_now - at)}" : "";
            Line($"{Indent}the spool, where {backlog.Bodies} bodies of {backlog.Bytes} bytes wait for them{oldest}");
            foreach (string sink in backlog.SuspendedSinks)
                Line($"{Indent}{Printable(sink)} is suspended, and misses events");
        }

        Line($"");
    }

    public void Add(IEnumerable<IStatusSource> sources)
    {
        int before = _text.Length;
        foreach (IStatusSource source in sources)
            source.Write(text => Line($"{Printable(text)}"));
        if (_text.Length > before)
            Line($"");
    }

    public void AddLinesForJanus(string? userName, IEnumerable<IStatusSource> sources)
    {
        Line($"To have a Janus send its events here, put this into its janus.jcfg (or start it with the option -e):");
        Line($"");
        Indented(JanusConfigurationLines.Broadcast);
        Line($"");
        Line($"and this into its janus.eventhandler.sampleevh.jcfg, with a name for this host that it can reach:");
        Line($"");
        Indented(JanusConfigurationLines.Http(_address, userName));
        foreach (IStatusSource source in sources)
        {
            Line($"");
            source.WriteLinesForJanus(text => Line($"{Printable(text)}"));
        }
    }

    public override string ToString() => _text.ToString();

    private void Indented(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Line($"{Indent}{line}");
    }

    private void Line(FormattableString text) => _text.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private string Last(DateTimeOffset? at) => at is { } time ? $"    the last at {Time(time)}, {Span(_now - time)} ago" : "";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span)
    {
        // A clock that was set back makes it negative.
        long seconds = Math.Max(0, (long)span.TotalSeconds);
        FormattableString text = seconds switch
        {
            < 60 => $"{seconds} s",
            < 3_600 => $"{seconds / 60} min",
            < 86_400 => $"{seconds / 3_600} h {seconds / 60 % 60} min",
            _ => $"{seconds / 86_400} d {seconds / 3_600 % 24} h",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    private static string Printable(string? name)
    {
        if (name is null)
            return "(no name)";

        StringBuilder printable = new(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
            printable.Append(hidden ? "?" : rune.ToString());
        }

        return printable.ToString();
    }
}
