using JanusEvents.Events;

namespace JanusEvents.Core.Tests.Events;

/// <summary>Statistics keep most numbers in 32 bits and a sign, and the others whole.</summary>
public sealed class StatisticValuesTests
{
    private static readonly Statistic[] All = Enum.GetValues<Statistic>();

    private static readonly long[] Numbers =
    [
        0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, uint.MaxValue + 1L, -uint.MaxValue, -uint.MaxValue - 1L, -uint.MaxValue - 2L,
        999_999_999_999_999_999, long.MaxValue, long.MinValue,
    ];

    [Fact]
    public void Every_number_comes_back_whatever_was_set_before_and_after_it()
    {
        // Each place has each number at some time, beside others that need more room, or less.
        for (var shift = 0; shift < All.Length * Numbers.Length; shift++)
        {
            StatisticValues values = default;
            var expected = new long?[All.Length];
            for (var i = 0; i < All.Length; i++)
            {
                var place = (i * 7 + shift) % All.Length;
                if ((i + shift) % 5 == 0)
                    continue;
                expected[place] = Numbers[(i + shift) % Numbers.Length];
                values.Set(All[place], expected[place]!.Value);
            }

            All.Select(statistic => values[statistic]).Should().Equal(expected);
        }
    }

    [Theory]
    [InlineData(7L, -7L)]
    [InlineData(-7L, 7L)]
    [InlineData(5_000_000_000L, -1L)]
    [InlineData(-1L, 5_000_000_000L)]
    [InlineData(5_000_000_000L, null)]
    [InlineData(null, -5_000_000_000L)]
    public void A_number_that_is_set_again_is_another_and_the_others_stay(long? before, long? after)
    {
        StatisticValues values = default;
        values[Statistic.Mindex] = -3;
        values[Statistic.BytesSent] = before;
        values[Statistic.RembBitrate] = 6_000_000_000;

        values[Statistic.BytesSent] = after;

        values[Statistic.BytesSent].Should().Be(after);
        values[Statistic.Mindex].Should().Be(-3);
        values[Statistic.RembBitrate].Should().Be(6_000_000_000);
        values[Statistic.Lost].Should().BeNull();
    }

    [Fact]
    public void A_changed_copy_of_an_event_leaves_the_original_as_it_was()
    {
        var original = new MediaStatsEvent { BytesSent = 5_000_000_000, BytesReceived = 6_000_000_000 };

        var copy = original with { BytesSent = 70_000_000_000, Lost = -1 };

        original.BytesSent.Should().Be(5_000_000_000);
        original.Lost.Should().BeNull();
        copy.BytesSent.Should().Be(70_000_000_000);
        copy.BytesReceived.Should().Be(6_000_000_000);
        copy.Lost.Should().Be(-1);
    }

    [Fact]
    public void The_same_numbers_are_equal_however_they_came_there()
    {
        StatisticValues once = default;
        once[Statistic.Lost] = -1;
        StatisticValues again = default;
        again[Statistic.BytesSent] = 5_000_000_000;
        again[Statistic.Lost] = 7;
        again[Statistic.BytesSent] = null;
        again[Statistic.Lost] = -1;

        again.Should().Be(once);
        again.GetHashCode().Should().Be(once.GetHashCode());
        again[Statistic.Lost] = 4_294_967_295;
        again.Should().NotBe(once);
        again[Statistic.Lost] = -1;
        again[Statistic.Rtt] = 0;
        again.Should().NotBe(once);
    }
}
