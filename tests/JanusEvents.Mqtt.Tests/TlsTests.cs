using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JanusEvents.Mqtt.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MQTTnet;

namespace JanusEvents.Mqtt.Tests;

/// <summary>TLS by the client's own means, with an authority that only these tests know.</summary>
public sealed class TlsTests
{
    private readonly OnceStore _store = new();

    [FactNeeding(Capabilities.Mosquitto)]
    public async Task A_broker_whose_authority_is_trusted_is_used_and_no_other()
    {
        X509Certificate2? authority = null;
        await using MosquittoServer server = await MosquittoServer.StartAsync(prepare: folder => Secure(folder, out authority));
        using X509Certificate2 trusted = authority!;
        await using TestHost host = await StartAsync(server, "localhost", trusted);
        await host.UntilConnectedAsync();
        await using Publisher janus = await Publisher.ConnectAsync(server);
        await janus.PublishNumbersAsync("janus/edge-7/plugins", [1]);
        await _store.UntilStoredAsync(host, 1);

        await using TestHost distrustful = await StartAsync(server, "localhost", trusted: null);
        await distrustful.UntilHealthAsync(HealthStatus.Unhealthy, "certificate");
        await using TestHost misled = await StartAsync(server, "127.0.0.1", trusted);
        await misled.UntilHealthAsync(HealthStatus.Unhealthy, "certificate");
    }

    private Task<TestHost> StartAsync(MosquittoServer server, string hostName, X509Certificate2? trusted) => MqttHost.StartAsync(server, _store, options =>
    {
        options.Uri = $"mqtts://{hostName}:{server.SecurePort}";
        options.ClientId = $"{hostName}-{trusted is null}";
        if (trusted is not null)
            options.ConfigureConnection = client => client.WithTlsOptions(tls => tls.WithTrustChain([trusted]));
    });

    private static string[] Secure(string folder, out X509Certificate2 authority)
    {
        DateTimeOffset begin = DateTimeOffset.UtcNow.AddDays(-1);
        using RSA authorityKey = RSA.Create(2048);
        CertificateRequest root = new("CN=An authority of the tests", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authority = root.CreateSelfSigned(begin, begin.AddYears(1));

        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, begin, begin.AddMonths(6), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return
        [
            "listener {secure} 127.0.0.1",
            $"cafile {folder}/ca.pem",
            $"certfile {folder}/cert.pem",
            $"keyfile {folder}/key.pem",
        ];
    }
}
