using JanusEvents.Testing;

namespace JanusEvents.Core.Tests.Parsing;

/// <summary>Captured bodies, damaged at random; the same damage in every run.</summary>
public sealed class MutatedBodyTests
{
    private const int Rounds = 4_000;

    private readonly JanusEventParser _parser = new();

    [Theory]
    [InlineData(1)]
    [InlineData(20161213)]
    public void Damage_costs_only_what_it_hits(int seed)
    {
        Random random = new(seed);
        var bodies = new[] { "03-videoroom", "06b-external-events", "07b-grouped-indented", "07c-plain-combined-stats-no-server-name" }
            .SelectMany(c => Captures.Bodies(c).Select(b => b.Json).Where(b => b.Length < 6_000 && _parser.Parse(b).Events.Count > 2))
            .ToArray();
        var survivors = 0;

        for (var round = 0; round < Rounds; round++)
        {
            var body = bodies[random.Next(bodies.Length)];
            var (mutated, from) = Mutate(body, random);
            var before = _parser.Parse(body).Events.Where(e => ParsedBodies.Place(e).End <= from).ToList();

            var parsed = _parser.Parse(mutated);

            ParsedBodies.ShouldAccountForEveryByte(mutated, parsed);
            parsed.Events.Take(before.Count).Select(e => (e.GetType(), ParsedBodies.Place(e)))
                .Should().Equal(before.Select(e => (e.GetType(), ParsedBodies.Place(e))), $"round {round} of seed {seed} begins its damage at {from}");
            foreach (var group in parsed.Events.GroupBy(e => e.Json))
                IndependentReading.Differences(group.Key.Utf8, [.. group]).Should().BeEmpty($"round {round} of seed {seed}");
            survivors += parsed.Events.Count - before.Count;
        }

        survivors.Should().BeGreaterThan(Rounds, "damage leaves most events of a group readable");
    }

    /// <summary>Damages a body in one to three places.</summary>
    /// <returns>The body, and up to where it is as it was.</returns>
    private static (byte[] Mutated, int From) Mutate(byte[] body, Random random)
    {
        List<byte> mutated = [.. body];
        var from = body.Length;
        for (var times = random.Next(1, 4); times > 0 && mutated.Count > 0; times--)
        {
            var place = random.Next(mutated.Count);
            from = Math.Min(from, place);
            var length = Math.Min(random.Next(1, 20), mutated.Count - place);
            switch (random.Next(7))
            {
                case 0:
                    mutated[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[place] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated[place] = Pick("{}[],:\"\\0123456789-.eE \n\0ntfu"u8, random);
                    break;
                case 3:
                    mutated.RemoveRange(place, length);
                    break;
                case 4:
                    mutated.Insert(place, Pick("{}[],:\"\\0-.e\0"u8, random));
                    break;
                case 5:
                    mutated.InsertRange(place, mutated.GetRange(random.Next(mutated.Count - length + 1), length));
                    break;
                default:
                    mutated.RemoveRange(place, mutated.Count - place);
                    break;
            }
        }

        return ([.. mutated], from);
    }

    private static byte Pick(ReadOnlySpan<byte> bytes, Random random) => bytes[random.Next(bytes.Length)];
}
