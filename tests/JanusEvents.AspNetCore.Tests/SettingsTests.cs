using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>Endpoints without options of their own take those of the section JanusEvents, and then those of code.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("MaxBodyBytes", "0", "is 0; it must be 1 to 2147483590.")]
    [InlineData("AnswerTimeout", "8", "is 8.00:00:00; it must be more than zero and less than 00:00:10, after which Janus retransmits the body.")]
    [InlineData("AnswerTimeout", "8s", "is \"8s\"; it must be a time as hours:minutes:seconds, such as 00:00:08, or 1.00:00:00 for a day.")]
    [InlineData("UserName", "janus", "is set and JanusEvents:Password is not; set both or none.")]
    [InlineData("Credentials:0:UserName", "janus", "is set and JanusEvents:Credentials:0:Password is not; set both or none.")]
    [InlineData("WebSocket:MaxMessagesInFlight", "0", "is 0; it must be 1 to 1000.")]
    [InlineData("WebSocket:MaxMessageBytes", "all", "is \"all\"; it must be a whole number, such as 1000.")]
    [InlineData("WebSocket:KeepAliveInterval", "-1", "is -1.00:00:00; it must be zero to 1.00:00:00; zero sends no signs of life.")]
    [InlineData("WebSocket:SubProtocol", "a b", "is \"a b\"; it must be one word of letters, digits, hyphens and dots, as subprotocol in Janus.")]
    public void A_wrong_setting_is_an_error_at_start_with_its_key_the_value_and_the_fix(string key, string value, string message) =>
        Mapping(settings: ($"JanusEvents:{key}", value)).Should().Throw<OptionsValidationException>().WithMessage($"JanusEvents:{key} {message}");

    [Fact]
    public void Code_wins_over_the_configuration() =>
        Mapping(services => services.Configure<JanusEventsEndpointOptions>(o => o.MaxBodyBytes = 1), ("JanusEvents:MaxBodyBytes", "0"))
            .Should().NotThrow();

    [Fact]
    public async Task A_change_to_a_value_of_another_kind_is_said_and_the_settings_stay()
    {
        IConfigurationRoot? configuration = null;
        await using EndpointHost host = await EndpointHost.StartAsync(configure: builder => configuration = builder.Configuration, map: app => app.MapJanusEvents());

        configuration!["JanusEvents:MaxBodyBytes"] = "lots";
        configuration.Reload();
        (await host.PostAsync(EndpointHost.OneEvent)).EnsureSuccessStatusCode();
        host.Log.OfId(3010).Should().ContainSingle().Which.Message.Should().Contain("JanusEvents:MaxBodyBytes is \"lots\"; it must be a whole number");

        configuration["JanusEvents:MaxBodyBytes"] = "1";
        configuration.Reload();
        (await host.PostAsync("[ ]")).StatusCode.Should().Be(System.Net.HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Credentials_follow_a_file_that_is_changed()
    {
        using TemporaryFolder folder = new();
        string file = folder["settings.json"];
        await File.WriteAllTextAsync(file, """{"JanusEvents":{"UserName":"janus","Password":"first"}}""");
        await using EndpointHost host = await EndpointHost.StartAsync(
            configure: builder => builder.Configuration.AddJsonFile(file, optional: false, reloadOnChange: true),
            map: app => app.MapJanusEvents());
        (await host.PostAsync("[]", userName: "janus", password: "first")).EnsureSuccessStatusCode();

        await File.WriteAllTextAsync(file, """{"JanusEvents":{"UserName":"janus","Password":"second"}}""");

        await Wait.UntilAsync(
            async () => (await host.PostAsync("[]", userName: "janus", password: "second")).IsSuccessStatusCode,
            Wait.Limit,
            "the new password to be taken");
        (await host.PostAsync("[]", userName: "janus", password: "first")).StatusCode.Should().Be(System.Net.HttpStatusCode.Unauthorized);
    }

    private static Action Mapping(Action<IServiceCollection>? configure = null, params (string Key, string Value)[] settings) => () =>
    {
        WebApplicationBuilder builder = EndpointHost.NewBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        configure?.Invoke(builder.Services);
        using WebApplication app = builder.Build();
        app.MapJanusEvents();
        app.MapJanusEventsWebSocket();
    };
}
