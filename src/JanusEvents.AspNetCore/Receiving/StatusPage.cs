using System.Globalization;
using System.Text;
using JanusEvents.Observation;

namespace JanusEvents.Receiving;

/// <summary>
/// The page that a GET shows: plain text, for somebody who wonders why no events arrive. What others can choose (names of
/// servers, the Host header) is kept to one line of printable characters.
/// </summary>
internal static class StatusPage
{
    private const int MaxEmitters = 100;
    private const string Indent = "    ";

    public static string Of(Intake intake, DateTimeOffset now, Uri address, string? userName)
    {
        StringBuilder page = new();
        page.Line($"JanusEvents at {address.AbsoluteUri}")
            .Line($"Up since {Time(intake.Since)}, {Span(now - intake.Since)}. Times are in UTC.")
            .AppendLine();
        Counts(page, intake, now);
        page.AppendLine();
        Emitters(page, intake.ReadEmitters(), now);
        page.AppendLine();
        ForJanus(page, address, userName);
        return page.ToString();
    }

    private static void Counts(StringBuilder page, Intake intake, DateTimeOffset now)
    {
        page.Line($"Received by this host, by POST and by WebSocket:");
        page.Line($"{Indent}{"bodies",-22}{intake.Bodies,12}{Last(intake.LastBodyAt, now)}");
        page.Line($"{Indent}{"events",-22}{intake.Events,12}");
        page.Line($"{Indent}{"pieces of no event",-22}{intake.RejectedPieces,12}");
        page.Line($"Not taken:");
        page.Line($"{Indent}{"refused credentials",-22}{intake.RefusedCredentials,12}{Last(intake.LastRefusedAt, now)}");
        page.Line($"{Indent}{"refused bodies",-22}{intake.RefusedBodies,12}");
        page.Line($"{Indent}{"not answered",-22}{intake.Unanswered,12}");
        if (intake.RefusedCredentials > 0)
            page.AppendLine().Line($"Somebody sends no credentials or wrong ones. See backend_user and backend_pwd of each Janus.");
        if (intake.Unanswered > 0)
            page.AppendLine().Line($"What could not be read or stored in time is not answered, so that Janus sends it again. The log of this host says why.");
    }

    private static void Emitters(StringBuilder page, IReadOnlyList<EmitterIntake> emitters, DateTimeOffset now)
    {
        if (emitters.Count == 0)
        {
            page.Line($"No Janus has sent an event yet. docs/getting-started.md tells what to look at, one thing after the other.");
            return;
        }

        page.Line($"From these servers, the one that was heard last first:");
        page.Line($"{Indent}{"last",-19}  {"",-12}{"first",-19}  {"bodies",12}{"events",12}  {"address",-15}  emitter");
        foreach (EmitterIntake emitter in emitters.Take(MaxEmitters))
        {
            page.Line(
                $"{Indent}{Time(emitter.LastAt)}  {Span(now - emitter.LastAt) + " ago",-12}{Time(emitter.FirstAt)}  {emitter.Bodies,12}{emitter.Events,12}  {emitter.RemoteAddress ?? "-",-15}  {Printable(emitter.Emitter)}");
        }

        if (emitters.Count > MaxEmitters)
            page.Line($"{Indent}and {emitters.Count - MaxEmitters} more");
    }

    private static void ForJanus(StringBuilder page, Uri address, string? userName)
    {
        page.Line($"To have a Janus send its events here, put this into its janus.jcfg (or start it with the option -e):").AppendLine();
        Lines(page, JanusConfigurationLines.Broadcast);
        page.AppendLine().Line($"and this into its janus.eventhandler.sampleevh.jcfg, with a name for this host that it can reach:").AppendLine();
        Lines(page, JanusConfigurationLines.Http(address, userName));
    }

    private static void Lines(StringBuilder page, IEnumerable<string> lines)
    {
        foreach (string line in lines)
            page.Line($"{Indent}{line}");
    }

    private static StringBuilder Line(this StringBuilder page, FormattableString text) =>
        page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Last(DateTimeOffset? at, DateTimeOffset now) =>
        at is { } time ? $"    the last at {Time(time)}, {Span(now - time)} ago" : "";

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
