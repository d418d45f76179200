using System.Text;
using JanusEvents.Redaction;

namespace JanusEvents.Core.Tests.Redaction;

/// <summary>Where an address begins and ends in a text, and its replacement.</summary>
public sealed class AddressTextTests
{
    private static readonly AddressText s_mask = new(key: null);
    private static readonly AddressText s_hash = new(Encoding.ASCII.GetBytes(RedactedBodies.Key));

    [Theory]
    [InlineData("")]
    [InlineData("no address at all")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.0004")]
    [InlineData("1..2.3.4")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("12:30:45")]
    [InlineData("a:b")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData(".local")]
    [InlineData("...local")]
    [InlineData("x.locally")]
    [InlineData("x.local.net")]
    public void A_text_without_an_address_is_the_same_object(string text)
    {
        s_mask.Replace(text).Should().BeSameAs(text);
        s_hash.Replace(text).Should().BeSameAs(text);
    }

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.0")]
    [InlineData("255.255.255.255", "255.255.255.0")]
    [InlineData("1.2.3.4:5", "1.2.3.0:5")]
    [InlineData("1.2.3.4.", "1.2.3.0.")]
    [InlineData("1.2.3.4.5", "1.2.3.0.5")]
    [InlineData("300.1.2.3.4", "300.1.2.3.0")]
    [InlineData("1.2.3.4.5.6.7.8", "1.2.3.0.5.6.7.0")]
    [InlineData("a1.2.3.4b", "a1.2.3.0b")]
    [InlineData("001.02.003.000", "1.2.3.0")]
    [InlineData("1.2.3.4,5.6.7.8", "1.2.3.0,5.6.7.0")]
    [InlineData("0.0.0.0 1.2.3.4", "0.0.0.0 1.2.3.0")]
    public void Of_an_IPv4_address_the_last_number_becomes_zero(string text, string expected) => s_mask.Replace(text).Should().Be(expected);

    [Theory]
    [InlineData("::1", "::")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::")]
    [InlineData("2001:db8:1:2::", "2001:db8:1::")]
    [InlineData("[2001:db8:1:2::3]:443", "[2001:db8:1::]:443")]
    [InlineData("2002:c000:204:1::1", "2002:c000:200::")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.0")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::")]
    [InlineData("fe80::1, fe80::2", "fe80::, fe80::")]
    [InlineData("fe80::1.", "fe80::.")]
    [InlineData("fe80::1:", "fe80:::")]
    [InlineData("host:fe80::1", "host:fe80::")]
    public void Of_an_IPv6_address_the_network_stays(string text, string expected) => s_mask.Replace(text).Should().Be(expected);

    [Theory]
    [InlineData("2001:db8:1:2::3:50000 [host,udp]", "2001:db8:1:::50000 [host,udp]")]
    [InlineData("2001:db8:1:2::3:abcd [host,udp]", "2001:db8:1:: [host,udp]")]
    [InlineData("2001:db8:1:2:3:4:5:6:50000", "2001:db8:1:::50000")]
    [InlineData(":2001:db8:1:2:3:4:5:6:50000 [host,udp]", ":2001:db8:1:::50000 [host,udp]")]
    [InlineData("1:2:3:4:5:6:7:8:9", "1:2:3:::9")]
    public void A_port_without_brackets_is_told_from_the_address_by_the_text_after_it(string text, string expected) =>
        s_mask.Replace(text).Should().Be(expected);

    [Theory]
    [InlineData("abc.local", "***.local")]
    [InlineData("ABC.LOCAL", "***.local")]
    [InlineData("(abc.local)", "(***.local)")]
    [InlineData("abc.local.", "***.local.")]
    [InlineData("abc.local:5", "***.local:5")]
    [InlineData("..abc.local", "..***.local")]
    [InlineData("a.local b.local", "***.local ***.local")]
    [InlineData("a.b-c_d.local", "***.local")]
    public void The_name_of_a_host_on_the_local_network_is_replaced_whole(string text, string expected) =>
        s_mask.Replace(text).Should().Be(expected);

    [Fact]
    public void A_name_is_looked_for_within_its_longest_length()
    {
        string text = $"{new string('x', 300)}.local";

        string masked = s_mask.Replace(text);

        masked.Should().EndWith("***.local");
        masked.Count(c => c == 'x').Should().Be(text.Length - 255);
    }

    [Fact]
    public void A_run_too_long_for_an_address_of_IPv6_is_none()
    {
        string run = $"{string.Concat(Enumerable.Repeat("a:", 40))}:1";

        s_mask.Replace(run).Should().BeSameAs(run);
    }

    [Fact]
    public void With_a_key_equal_addresses_have_equal_hashes_however_they_are_written()
    {
        string hashed = s_hash.Replace("10.0.0.1 010.000.000.001 ::ffff:10.0.0.1 10.0.0.2");

        string[] parts = hashed.Split(' ');
        parts.Should().AllSatisfy(part => part.Should().MatchRegex("^addr-[0-9a-f]{16}$"));
        parts[..3].Should().AllBe(parts[0]);
        parts[3].Should().NotBe(parts[0]);
    }

    [Fact]
    public void What_was_replaced_has_no_address_any_more()
    {
        string hashed = s_hash.Replace("10.0.0.1:5 fe80::1 abc.local");

        s_hash.Replace(hashed).Should().BeSameAs(hashed);
    }
}
