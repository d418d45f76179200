using System.Net;
using JanusEvents.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>Who may post.</summary>
public sealed class CredentialsTests
{
    [Theory]
    [InlineData("janus", "s3cret:pass")]
    [InlineData("jänus", "gehe✓im")]
    [InlineData("old", "before")]
    public async Task Any_of_the_pairs_is_let_in(string userName, string password)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(SeveralPairs());

        (await host.PostAsync(EndpointHost.OneEvent, userName: userName, password: password)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("janus", "wrong-password")]
    [InlineData("janus", "s3cret:pass ")]
    [InlineData("janus", "")]
    [InlineData("Janus", "s3cret:pass")]
    [InlineData("janus", "before")]
    [InlineData("old", "s3cret:pass")]
    [InlineData("janus:s3cret", "pass-of-another")]
    [InlineData(null, null)]
    public async Task Others_are_told_what_is_wanted_and_nothing_is_read(string? userName, string? password)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(SeveralPairs());

        using HttpResponseMessage answer = await host.PostAsync(EndpointHost.OneEvent, userName: userName, password: password);

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        answer.Headers.NonValidated["WWW-Authenticate"].ToString().Should().Be("Basic realm=\"janus\", charset=\"UTF-8\"");
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        host.Sink.Begun.Should().Be(0);
        host.Log.OfId(3000).Should().ContainSingle().Which.Message.Should().Contain("127.0.0.1").And.Contain("401");
        if (password is { Length: > 4 })
            host.Log.Own.Should().NotContain(entry => entry.Message.Contains(password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic amFudXM6czNjcmV0OnBhc3M=x")]
    [InlineData("amFudXM6czNjcmV0OnBhc3M=")]
    public async Task A_malformed_header_is_refused(string authorization)
    {
        await using EndpointHost host = await EndpointHost.StartAsync(SeveralPairs());
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head($"Authorization: {authorization}\r\nContent-Length: 2\r\nConnection: close") + "[]");

        (await connection.ReadToEndAsync()).Should().StartWith("HTTP/1.1 401 ");
    }

    [Fact]
    public async Task The_exact_header_that_Janus_sends_is_let_in()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(SeveralPairs());
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head("Authorization: Basic amFudXM6czNjcmV0OnBhc3M=\r\nContent-Length: 2\r\nConnection: close") + "[]");

        (await connection.ReadToEndAsync()).Should().StartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task A_large_body_without_credentials_is_refused_without_waiting_for_it()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(SeveralPairs());
        using RawConnection connection = await RawConnection.OpenAsync(host.Address);

        await connection.SendAsync(RawConnection.Head("Content-Length: 60000000\r\nExpect: 100-continue"));

        (await connection.ReadUntilAsync("\r\n\r\n")).Should().StartWith("HTTP/1.1 401 ");
    }

    [Theory]
    [InlineData("janus", null, "UserName is set and JanusEventsEndpointOptions.Password is not; set both or none.")]
    [InlineData("janus", "", "UserName is set and JanusEventsEndpointOptions.Password is not; set both or none.")]
    [InlineData(null, "secret", "Password is set and JanusEventsEndpointOptions.UserName is not; set both or none.")]
    [InlineData("ja:nus", "secret", "UserName is \"ja:nus\", with a colon")]
    public void Half_a_pair_or_a_colon_is_an_error_at_start(string? userName, string? password, string message)
    {
        JanusEventsEndpointOptions options = new() { UserName = userName, Password = password };

        Mapping(options).Should().Throw<OptionsValidationException>().WithMessage($"*{message}*")
            .Which.Message.Should().NotContain("secret");
    }

    [Theory]
    [InlineData("janus", null, "Credentials.0.UserName is set and JanusEventsEndpointOptions.Credentials.0.Password is not")]
    [InlineData(null, null, "Credentials.0.UserName and JanusEventsEndpointOptions.Credentials.0.Password are not set")]
    public void Half_a_pair_of_the_list_is_an_error_at_start(string? userName, string? password, string message)
    {
        JanusEventsEndpointOptions options = new() { Credentials = { new BasicCredentials { UserName = userName, Password = password } } };

        Mapping(options).Should().Throw<OptionsValidationException>().WithMessage($"*{message}*");
    }

    [Fact]
    public async Task Two_endpoints_can_differ()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.MapJanusEvents("/a", new JanusEventsEndpointOptions { UserName = "a", Password = "of-a" });
            app.MapJanusEvents("/b", new JanusEventsEndpointOptions { UserName = "b", Password = "of-b" });
        });

        (await host.PostAsync("[]", "/a", "a", "of-a")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync("[]", "/b", "a", "of-a")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.PostAsync("[]", "/b", "b", "of-b")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Configured_credentials_follow_the_configuration()
    {
        IConfigurationRoot? configuration = null;
        await using EndpointHost host = await StartConfiguredAsync(c => configuration = c, ("UserName", "janus"), ("Password", "first"));
        (await host.PostAsync("[]", userName: "janus", password: "first")).StatusCode.Should().Be(HttpStatusCode.OK);

        configuration!["JanusEvents:Password"] = "second";
        configuration["JanusEvents:Credentials:0:UserName"] = "more";
        configuration["JanusEvents:Credentials:0:Password"] = "third";
        configuration.Reload();

        (await host.PostAsync("[]", userName: "janus", password: "first")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.PostAsync("[]", userName: "janus", password: "second")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.PostAsync("[]", userName: "more", password: "third")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("janus", "")]
    [InlineData("", "")]
    public async Task A_change_that_takes_the_credentials_away_is_not_used(string userName, string password)
    {
        IConfigurationRoot? configuration = null;
        await using EndpointHost host = await StartConfiguredAsync(c => configuration = c, ("UserName", "janus"), ("Password", "first"));

        configuration!["JanusEvents:UserName"] = userName;
        configuration["JanusEvents:Password"] = password;
        configuration.Reload();

        (await host.PostAsync("[]")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.PostAsync("[]", userName: "janus", password: "first")).StatusCode.Should().Be(HttpStatusCode.OK);
        host.Log.OfId(3010).Should().NotBeEmpty().And.OnlyContain(entry => entry.Level == LogLevel.Error).And.OnlyHaveUniqueItems();
    }

    private static JanusEventsEndpointOptions SeveralPairs() => new()
    {
        UserName = "janus",
        Password = "s3cret:pass",
        Credentials = { new BasicCredentials("jänus", "gehe✓im"), new BasicCredentials("old", "before") },
    };

    private static Action Mapping(JanusEventsEndpointOptions options) => () =>
    {
        WebApplicationBuilder builder = EndpointHost.NewBuilder();
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        using WebApplication app = builder.Build();
        app.MapJanusEvents("/janus/events", options);
    };

    private static Task<EndpointHost> StartConfiguredAsync(Action<IConfigurationRoot> use, params (string Key, string Value)[] settings) =>
        EndpointHost.StartAsync(
            configure: builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                    settings.Select(s => KeyValuePair.Create($"JanusEvents:{s.Key}", (string?)s.Value)));
                use(builder.Configuration);
            },
            map: app => app.MapJanusEvents());
}
