using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace JanusEvents.Relational.Tests.Generated;

/// <summary>
/// How many events a test makes, and from which seed: the same ones each time, unless the environment says otherwise.
/// </summary>
public static class GeneratedRun
{
    private const string SeedVariable = "JANUSEVENTS_GENERATED_SEED";
    private const string CountVariable = "JANUSEVENTS_GENERATED_EVENTS";
    private const int EventsPerBody = 100;
    private const int MaxPrinted = 2_000;
    private static readonly ulong s_seed = (ulong)Setting(SeedVariable, 20_261_122);
    private static readonly long s_events = Setting(CountVariable, 2_000);

    /// <summary>
    /// Checks generated bodies until one fails, and then smaller and smaller ones.
    /// </summary>
    /// <param name="differenceAsync">Says what is wrong with a body; null when nothing is.</param>
    /// <returns>Null, or the smallest body that fails, what is wrong with it, and how to make it again.</returns>
    public static async Task<string?> FailureAsync(Func<GeneratedBody, Task<string?>> differenceAsync)
    {
        string? smallest = null;
        var bodies = Arb.From(EventGenerator.Bodies(EventsPerBody), body => body.Smaller());
        var property = Prop.ForAll(bodies, (GeneratedBody body) =>
        {
            // The last that fails is the smallest: only from there on is it made smaller.
            var difference = differenceAsync(body).GetAwaiter().GetResult();
            if (difference is not null)
                smallest = $"{Shortened(difference)}{Environment.NewLine}The smallest body that fails: {Shortened($"{body}")}";
            return difference is null;
        });
        var config = Config.Quick
            .WithQuietOnSuccess(true)
            .WithMaxTest((int)Math.Max(1, s_events / EventsPerBody))
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(s_seed), FSharpOption<int>.None)));

        // FsCheck waits for each body with its thread, which must not be one of xunit's few.
        await Task.Factory.StartNew(
            () => Check.One(config, property), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return smallest is null
            ? null
            : $"{smallest}{Environment.NewLine}Again with {SeedVariable}={s_seed} {CountVariable}={s_events}.";
    }

    private static string Shortened(string text) => text.Length <= MaxPrinted
        ? text
        : $"{text[..(MaxPrinted / 2)]} … ({text.Length} characters) … {text[^(MaxPrinted / 2)..]}";

    private static long Setting(string variable, long otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
