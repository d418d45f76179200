using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>TLS by the client's own means, with an authority that only these tests know.</summary>
public sealed class TlsTests(BrokerFixture broker)
{
    private readonly string _name = BrokerFixture.NewName();

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_broker_whose_authority_is_trusted_is_used()
    {
        await using TestHost host = await StartAsync("localhost", trust: true);

        (await host.DeliverAsync(TestBody.Of("a-janus", 1))).Should().Be(DeliveryResult.Stored);
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_broker_whose_authority_is_unknown_is_not_used()
    {
        await using TestHost host = await StartAsync("localhost", trust: false);

        await host.UntilHealthAsync(HealthStatus.Unhealthy, "certificate");
        host.Warnings.Should().Contain("The RabbitMQ buffer has no connection to the broker");
    }

    [FactNeeding(Capabilities.RabbitMq)]
    public async Task A_certificate_of_another_name_is_not_accepted()
    {
        await using TestHost host = await StartAsync("127.0.0.1", trust: true);

        await host.UntilHealthAsync(HealthStatus.Unhealthy, "certificate");
        host.Warnings.Should().Contain("The RabbitMQ buffer has no connection to the broker");
    }

    private async Task<TestHost> StartAsync(string hostName, bool trust)
    {
        RabbitMqServer server = await broker.ServerAsync();
        X509Certificate2 authority = broker.Authority!;
        return await TestHost.StartAsync(builder => builder.AddRabbitMqBuffer(options =>
        {
            options.Uri = $"amqps://guest:guest@{hostName}:{server.SecurePortOf(0)}/%2F";
            options.Name = _name;
            if (trust)
                options.ConfigureConnection = factory => factory.Ssl.CertificateValidationCallback = (_, certificate, _, errors) => IsBy(authority, certificate, errors);
        }));
    }

    private static bool IsBy(X509Certificate2 authority, X509Certificate? certificate, SslPolicyErrors errors)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && chain.Build((X509Certificate2)certificate!);
    }
}
