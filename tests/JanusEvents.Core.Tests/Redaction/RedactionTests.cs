using System.Text;
using System.Text.Json;
using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JanusEvents.Core.Tests.Redaction;

/// <summary>What is taken out of events, and what stays.</summary>
public sealed class RedactionTests
{
    public static TheoryData<string, string> Tokens => new()
    {
        { """{"type":2,"event":{"name":"attached","plugin":"p","token":"tök€n"}}""", """{"type":2,"event":{"name":"attached","plugin":"p","token":"***"}}""" },
        { """{"type":64,"event":{"plugin":"janus.plugin.videoroom","data":{"event":"joined","room":1,"token":"a,b:c"}}}""", """{"type":64,"event":{"plugin":"janus.plugin.videoroom","data":{"event":"joined","room":1,"token":"***"}}}""" },
        { """{"type":512,"T\u006fken" : "a","event":{"auth_token":true,"access-token":["x",{"y":5}],"token":""}}""", """{"type":512,"T\u006fken" : "***","event":{"auth_token":true,"access-token":["***",{"y":0}],"token":""}}""" },
        { """{"type":64,"event":{"data":{"event":"processed","request":{"admin_secret":"s","pin":1234,"room":1234}}}}""", """{"type":64,"event":{"data":{"event":"processed","request":{"admin_secret":"***","pin":0,"room":1234}}}}""" },
        { """{"type":4,"event":{"schema":"s","data":"{\"a\":\"{\\\"token\\\":\\\"x\\\"}\"}"}}""", """{"type":4,"event":{"schema":"s","data":"{\"a\":\"{\\\"token\\\":\\\"***\\\"}\"}"}}""" },
        { """{"type":4,"event":{"data":["GET /?token=abc&x=1","cut {\"token\": \"a b\",\"x\":\"y","no token here"]}}""", """{"type":4,"event":{"data":["GET /?token=***&x=1","cut {\"token\": ***\",\"x\":\"y","no token here"]}}""" },
    };

    public static TheoryData<string, string> IcePasswords => new()
    {
        { """{"type":8,"event":{"jsep":{"type":"offer","sdp":"a=ice-ufrag:u\r\na=ice-pwd:a/b+c\r\na=mid:0\r\na=ice-pwd:d"}}}""", """{"type":8,"event":{"jsep":{"type":"offer","sdp":"a=ice-ufrag:u\r\na=ice-pwd:***\r\na=mid:0\r\na=ice-pwd:***"}}}""" },
        { """{"type":8,"event":{"jsep":{"sdp":"v=0\n\u0061=ice-pwd:abc\na=x"}}}""", """{"type":8,"event":{"jsep":{"sdp":"v=0\na=ice-pwd:***\na=x"}}}""" },
        { """{"type":77,"event":{"a":["A=ICE-PWD: abc\ra=x"],"ice_pwd":"x","parameters":{"usernameFragment":"u","password":"p"}}}""", """{"type":77,"event":{"a":["A=ICE-PWD: ***\ra=x"],"ice_pwd":"***","parameters":{"usernameFragment":"u","password":"***"}}}""" },
        { """{"type":64,"event":{"data":{"event":"sip-in","sip":"INVITE x\r\n\r\nv=0\r\na=ice-pwd:q\ud800\r\n"}}}""", """{"type":64,"event":{"data":{"event":"sip-in","sip":"INVITE x\r\n\r\nv=0\r\na=ice-pwd:***\r\n"}}}""" },
        { """{"type":77,"event":{"a":"{\"sdp\":\"\\u0061=ice-pwd:x\\r\\ny\"}","b":"\ud83d\ude00 ice-pwd:x \udc00"}}""", """{"type":77,"event":{"a":"{\"sdp\":\"a=ice-pwd:***\\r\\ny\"}","b":"😀 ice-pwd:*** \uDC00"}}""" },
    };

    public static TheoryData<string, string> Authorizations => new()
    {
        { """{"type":64,"event":{"data":{"sip":"REGISTER sip:x SIP/2.0\r\nAuthorization: Digest username=\"a\",\r\n response=\"b\"\r\nCSeq: 1"}}}""", """{"type":64,"event":{"data":{"sip":"REGISTER sip:x SIP/2.0\r\nAuthorization: ***\r\nCSeq: 1"}}}""" },
        { """{"type":64,"event":{"data":{"sip":"x\nproxy-authorization : Basic a\n\tb\nVia: c\nAUTHORIZATION:d"}}}""", """{"type":64,"event":{"data":{"sip":"x\nproxy-authorization : ***\nVia: c\nAUTHORIZATION: ***"}}}""" },
        { """{"type":64,"event":{"data":{"headers":{"Proxy-Authorization":"x","WWW-Authenticate":"y"}}}}""", """{"type":64,"event":{"data":{"headers":{"Proxy-Authorization":"***","WWW-Authenticate":"y"}}}}""" },
    };

    public static TheoryData<string, string> MaskedAddresses => new()
    {
        { "1 1 udp 2015363327 10.77.0.9 48714 typ host raddr 192.168.7.5 rport 9", "1 1 udp 2015363327 10.77.0.0 48714 typ host raddr 192.168.7.0 rport 9" },
        { "10.77.0.1:48714 [host,udp] <-> 10.77.0.2:34786 [prflx,udp]", "10.77.0.0:48714 [host,udp] <-> 10.77.0.0:34786 [prflx,udp]" },
        { "2001:db8:1:2::3:50000 [host,udp] <-> fe80::1:5060 [host,udp]", "2001:db8:1:::50000 [host,udp] <-> fe80:::5060 [host,udp]" },
        { "2001:db8:1:2:3:4:5:6:50000 [host,udp]", "2001:db8:1:::50000 [host,udp]" },
        { "c=IN IP4 198.51.100.7/127\r\no=- 1 2 IN IP6 2001:DB8:1:2::3\r\na=rtcp:9 IN IP4 0.0.0.0", "c=IN IP4 198.51.100.0/127\r\no=- 1 2 IN IP6 2001:db8:1::\r\na=rtcp:9 IN IP4 0.0.0.0" },
        { "a=candidate:1 1 udp 1 3f1b8d5e-77c2-4a6e-9f0e-0c1d2e3f4a5b.local 5 typ host", "a=candidate:1 1 udp 1 ***.local 5 typ host" },
        { "::ffff:10.77.0.2", "::ffff:10.77.0.0" },
        { "[2001:db8:1:2::3]:5060;received=fe80::1%eth0.", "[2001:db8:1::]:5060;received=fe80::%eth0." },
        { "sip:anna@198.51.100.7:5070;transport=udp", "sip:anna@198.51.100.0:5070;transport=udp" },
        { "2002:c000:204:1::1 and 010.001.2.003.", "2002:c000:200:: and 10.1.2.0." },
        { "ip:2001:db8:1:2::3, Node:fe80::7, rec-10.1.2.3-audio.mjr", "ip:2001:db8:1::, Node:fe80::, rec-10.1.2.0-audio.mjr" },
        { "libnice 0.1.18, OpenSSL 3.0.11, at 12:30:45.123, 300.1.2.3, std::deque, foo.locale, ::", "libnice 0.1.18, OpenSSL 3.0.11, at 12:30:45.123, 300.1.2.3, std::deque, foo.locale, ::" },
        { "a=fingerprint:sha-256 55:BE:0A:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD", "a=fingerprint:sha-256 55:BE:0A:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD" },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Tokens_are_replaced_where_they_stand(string sent, string expected) =>
        (await RedactedBodies.OfAsync(sent, secrets => secrets.Tokens = true)).Should().Be(expected);

    [Theory]
    [MemberData(nameof(IcePasswords))]
    public async Task ICE_passwords_are_replaced_where_they_stand(string sent, string expected) =>
        (await RedactedBodies.OfAsync(sent, secrets => secrets.IcePasswords = true)).Should().Be(expected);

    [Theory]
    [MemberData(nameof(Authorizations))]
    public async Task Authorization_headers_are_replaced_to_their_end(string sent, string expected) =>
        (await RedactedBodies.OfAsync(sent, secrets => secrets.SipAuthorization = true)).Should().Be(expected);

    [Theory]
    [MemberData(nameof(MaskedAddresses))]
    public async Task Addresses_are_masked_in_any_text_and_ports_stay(string sent, string expected)
    {
        string json = JsonSerializer.Serialize(new { type = 99, anything = new[] { sent } });

        string clean = await RedactedBodies.OfAsync(json, secrets => secrets.Addresses = AddressRedaction.Mask);

        JsonDocument.Parse(clean).RootElement.GetProperty("anything")[0].GetString().Should().Be(expected);
    }

    [Fact]
    public async Task Names_of_properties_are_texts_too_and_the_emitter_stays()
    {
        const string sent = """{"emitter":"10.0.0.1","type":4,"event":{"data":{"10.0.0.7":{"emitter":"10.0.0.8"}}}}""";

        string clean = await RedactedBodies.OfAsync(sent, secrets => secrets.Addresses = AddressRedaction.Mask);

        clean.Should().Be("""{"emitter":"10.0.0.1","type":4,"event":{"data":{"10.0.0.0":{"emitter":"10.0.0.0"}}}}""");
    }

    [Fact]
    public async Task A_hashed_address_is_the_same_in_every_form_and_on_every_host_with_the_key()
    {
        const string sent = """{"type":4,"event":{"data":["10.77.0.2:5","::ffff:10.77.0.2","[::ffff:0a4d:2]","10.77.0.3","2001:db8::1","2001:DB8:0:0::1","A.local","a.LOCAL"]}}""";

        string[] first = await HashedAsync(sent, RedactedBodies.Key);

        first.Should().AllSatisfy(text => text.Should().MatchRegex(@"addr-[0-9a-f]{16}"));
        first[0].Should().EndWith(":5");
        string[] address = [first[0][..^2], first[1], first[2][1..^1], .. first[3..]];
        address[1..3].Should().AllBe(address[0]);
        address[3].Should().NotBe(address[0]);
        address[5].Should().Be(address[4]);
        address[7].Should().Be(address[6]);
        (await HashedAsync(sent, RedactedBodies.Key)).Should().Equal(first);
        (await HashedAsync(sent, "another key of enough characters")).Should().NotIntersectWith(first);

        // What HMAC-SHA256 of the four bytes is, computed elsewhere (openssl).
        address[0].Should().Be("addr-8c6b16f9ddc3cf46");
    }

    [Fact]
    public async Task JSON_in_JSON_in_JSON_is_searched_and_what_lies_too_deep_is_taken_out_whole()
    {
        string nested = """{"token":"a-secret"}""";
        for (int i = 0; i < 3; i++)
            nested = JsonSerializer.Serialize(new { inner = nested });
        string deeper = nested;
        for (int i = 0; i < 8; i++)
            deeper = JsonSerializer.Serialize(new { inner = deeper });

        string clean = await RedactedBodies.OfAsync($$$"""{"type":4,"event":{"data":[{{{nested}}},{{{deeper}}}]}}""", secrets => secrets.Tokens = true);

        clean.Should().NotContain("a-secret");
        JsonElement data = JsonDocument.Parse(clean).RootElement.GetProperty("event").GetProperty("data");
        Inner(data[0], 2).Should().Be("""{"token":"***"}""");
        Inner(data[1], 8).Should().Be("***");

        static string Inner(JsonElement outer, int levels)
        {
            string text = outer.GetProperty("inner").GetString()!;
            return levels == 0 ? text : Inner(JsonDocument.Parse(text).RootElement, levels - 1);
        }
    }

    [Theory]
    [InlineData("x.local")]
    [InlineData(".local")]
    [InlineData("1.")]
    [InlineData("a:")]
    [InlineData("::")]
    [InlineData("token ")]
    [InlineData("Authorization ")]
    [InlineData("[\"")]
    [InlineData("{\"a.b\":")]
    public async Task A_megabyte_made_to_be_slow_is_not(string repeated)
    {
        string text = string.Concat(Enumerable.Repeat(repeated, (1 << 20) / repeated.Length));
        string json = JsonSerializer.Serialize(new { type = 99, texts = new[] { text, $"[{text}]", $"{{{text}}}" } });

        // Time that grows with the square of the length would be hours.
        await Task.Run(() => RedactedBodies.OfAsync(json, secrets => RedactedBodies.Everything(secrets, AddressRedaction.Mask))).WaitAsync(Wait.Limit);
    }

    [Fact]
    public async Task A_combined_statistics_event_stays_one_in_parts()
    {
        const string sent = """{"type":32,"subtype":3,"opaque_id":"10.0.0.7","event":[{"media":"audio","lost":1},{"media":"video"}]}""";
        ReceivedBody body = await RedactedBodies.OfAsync(
            RedactedBodies.Received(Encoding.UTF8.GetBytes($"[{{\"type\":1}},{sent},{{\"type\":2}}]")),
            secrets => secrets.Addresses = AddressRedaction.Mask);

        body.Events.Select(e => (e.Type, (e as MediaStatsEvent)?.Part)).Should().Equal(
            (JanusEventType.Session, null), (JanusEventType.Media, 0), (JanusEventType.Media, 1), (JanusEventType.Handle, null));
        body.Events[1].OpaqueId.Should().Be("10.0.0.0");
        Encoding.UTF8.GetString(body.Json.Span).Should().Be("""[{"type":1},{"type":32,"subtype":3,"opaque_id":"10.0.0.0","event":[{"media":"audio","lost":1},{"media":"video"}]},{"type":2}]""");
    }

    [Fact]
    public async Task What_is_no_event_has_reason_place_and_size_and_the_body_keeps_the_hash_of_what_was_sent()
    {
        ReceivedBody sent = RedactedBodies.Received(Encoding.UTF8.GetBytes("""[{"type":2,"event":{"name":"attached"}},"token 1",{"type":2,"event":{"token":"x"}},{"token":"cut"""));

        ReceivedBody body = await RedactedBodies.OfAsync(sent, secrets => secrets.IcePasswords = true);

        body.Rejected.Should().Equal(sent.Rejected.Select(piece => piece with { Bytes = default }));
        body.Rejected.Select(piece => (piece.Size, piece.Bytes.Length)).Should().Equal((9, 0), (13, 0), (0, 0));
        body.IsUsable.Should().BeTrue();
        body.Hash.ToArray().Should().Equal(sent.Hash.ToArray());
        Encoding.UTF8.GetString(body.Json.Span).Should().Be("""[{"type":2,"event":{"name":"attached"}},{"type":2,"event":{"token":"x"}}]""");

        ReceivedBody unusable = await RedactedBodies.OfAsync(RedactedBodies.Received("a token"u8.ToArray()), secrets => secrets.Tokens = true);
        unusable.IsUsable.Should().BeFalse();
        Encoding.UTF8.GetString(unusable.Json.Span).Should().Be("[]");
    }

    [Fact]
    public async Task Without_the_option_a_sink_gets_the_very_body_and_events_without_secrets_are_not_rewritten()
    {
        ReceivedBody sent = RedactedBodies.Received("""{"type":2,"event":{"name":"attached","token":"a"}}"""u8.ToArray());
        ReceivedBody plain = RedactedBodies.Received("""[{"type":32,"event":{"media":"audio"}} ]"""u8.ToArray());

        (await RedactedBodies.OfAsync(sent, _ => { })).Should().BeSameAs(sent);
        ReceivedBody same = await RedactedBodies.OfAsync(plain, secrets => RedactedBodies.Everything(secrets, AddressRedaction.Hash));
        same.Events.Should().BeSameAs(plain.Events);
        same.Json.Should().Be(plain.Json);
    }

    [Fact]
    public async Task A_body_that_comes_again_joins_the_attempt_in_progress()
    {
        ControlledSink sink = new();
        await using DeliveryHost host = await DeliveryHost.StartAsync(
            b => b.AddSink(sink), options => RedactedBodies.Everything(options.Redaction, AddressRedaction.Mask));
        byte[] json = """[{"type":2,"session_id":5,"event":{"token":"a"}}]"""u8.ToArray();

        Task<bool> first = host.DeliverAsync(RedactedBodies.Received(json));
        HeldWrite write = await sink.NextAsync();
        Task<bool> again = host.DeliverAsync(RedactedBodies.Received(json));
        write.Store();

        (await Task.WhenAll(first, again)).Should().Equal(true, true);
        write.Numbers.Should().Equal(5);
    }

    [Theory]
    [InlineData(AddressRedaction.Hash, null, "*JanusEvents:Redaction:AddressKey is not set, and Addresses is Hash; set it to a secret of at least 16 characters*")]
    [InlineData(AddressRedaction.Hash, "too short", "*AddressKey has 9 characters, and Addresses is Hash; set it*")]
    [InlineData((AddressRedaction)7, null, "*JanusEvents:Redaction:Addresses is 7; it must be Keep, Mask or Hash.*")]
    public void Wrong_settings_are_refused_with_the_fix_and_without_the_key(AddressRedaction addresses, string? key, string message)
    {
        using ServiceProvider services = new ServiceCollection().AddLogging()
            .AddJanusEvents(options => (options.Redaction.Addresses, options.Redaction.AddressKey) = (addresses, key))
            .Services.BuildServiceProvider();

        FluentActions.Invoking(() => services.GetRequiredService<IOptions<JanusEventsOptions>>().Value)
            .Should().Throw<OptionsValidationException>().WithMessage(message)
            .Which.Message.Should().NotContain("too short");
    }

    private static async Task<string[]> HashedAsync(string json, string key)
    {
        string clean = await RedactedBodies.OfAsync(json, secrets => (secrets.Addresses, secrets.AddressKey) = (AddressRedaction.Hash, key));
        return [.. JsonDocument.Parse(clean).RootElement.GetProperty("event").GetProperty("data").EnumerateArray().Select(text => text.GetString()!)];
    }
}
