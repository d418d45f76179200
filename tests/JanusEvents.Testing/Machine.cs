using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace JanusEvents.Testing;

/// <summary>Finds out, once per process and by trying, what the machine has and allows.</summary>
public static class Machine
{
    private static readonly Lazy<string?> Namespaces = new(TryNamespaces);
    private static readonly Lazy<string?> FileSystems = new(TryFileSystems);

    /// <summary>Why tests that need all this cannot run here; null when they can.</summary>
    public static string? WhatIsMissing(Capabilities needed)
    {
        var missing = new List<string>();
        if (needed.HasFlag(Capabilities.MariaDb))
            missing.AddRange(Absent("mariadb-server", "mariadbd", "mariadb-install-db", "mariadb"));
        if (needed.HasFlag(Capabilities.MySql56) && MySql56Server.WhatIsMissing is { } lack)
            missing.Add(lack);
        if (needed.HasFlag(Capabilities.Janus))
            missing.AddRange(Absent("janus", "janus"));
        if (needed.HasFlag(Capabilities.Chromium))
            missing.AddRange(Absent("chromium", "chromium"));
        if (needed.HasFlag(Capabilities.Sqlite))
            missing.AddRange(Absent("sqlite3", "sqlite3"));
        if (needed.HasFlag(Capabilities.Prometheus))
            missing.AddRange(Absent("prometheus", "prometheus", "promtool"));
        if (needed.HasFlag(Capabilities.Alertmanager))
            missing.AddRange(Absent("prometheus-alertmanager", "prometheus-alertmanager"));
        if (needed.HasFlag(Capabilities.ReverseProxies))
            missing.AddRange(Absent("nginx-light", "nginx").Concat(Absent("haproxy", "haproxy")));
        if (needed.HasFlag(Capabilities.RabbitMq) && RabbitMqServer.WhatIsMissing is { } noBroker)
            missing.Add(noBroker);
        if (needed.HasFlag(Capabilities.Galera))
        {
            if (!File.Exists("/usr/lib/galera/libgalera_smm.so"))
                missing.Add("/usr/lib/galera/libgalera_smm.so is not installed (Debian package galera-4)");
            missing.AddRange(Absent("rsync", "rsync"));
            missing.AddRange(Absent("haproxy", "haproxy"));
            missing.AddRange(Absent("python3", "python3"));
        }

        if (needed.HasFlag(Capabilities.Mosquitto))
            missing.AddRange(Absent("mosquitto", "mosquitto", "mosquitto_passwd"));
        if (needed.HasFlag(Capabilities.Cultures) && !HasCultures())
            missing.Add("ICU or the time zones are not installed (Debian packages libicu72 and tzdata)");
        if (needed.HasFlag(Capabilities.NetworkNamespaces) && Namespaces.Value is { } reason)
            missing.Add(reason);
        if (needed.HasFlag(Capabilities.TemporaryFileSystems) && FileSystems.Value is { } forbidden)
            missing.Add(forbidden);
        if (needed.HasFlag(Capabilities.NativeCompilation) && NativeCompilation.WhatIsMissing is { } noCompiler)
            missing.Add(noCompiler);
        return missing.Count == 0 ? null : string.Join("; ", missing);
    }

    /// <summary>Skips the test that is running where the machine lacks what it needs.</summary>
    public static void SkipWithout(Capabilities needed)
    {
        if (WhatIsMissing(needed) is { } missing)
            Assert.Skip(missing);
    }

    private static bool HasCultures() =>
        File.Exists("/usr/share/zoneinfo/America/St_Johns")
        && Directory.EnumerateFiles(
            "/usr/lib", "libicuuc.so.*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }).Any();

    private static IEnumerable<string> Absent(string package, params string[] programs) =>
        programs.Where(p => ProgramPath.Find(p) is null).Select(p => $"{p} is not installed (Debian package {package})").Take(1);

    private static string? TryNamespaces()
    {
        var name = $"jev-probe-{Environment.ProcessId}";
        if (Try("netns", "add", name) is { } forbidden)
            return forbidden;
        var noLink = Try("link", "add", "jev0", "netns", name, "type", "veth", "peer", "name", "jev1", "netns", name);
        return Try("netns", "del", name) ?? noLink;
    }

    private static string? TryFileSystems()
    {
        try
        {
            using var disk = new SmallDisk(megabytes: 1);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or FileNotFoundException)
        {
            return $"file systems in memory cannot be mounted here ({e.Message.ReplaceLineEndings(" ")})";
        }
    }

    private static string? Try(params string[] arguments)
    {
        try
        {
            if (ProgramPath.Find("ip") is not { } ip)
                return "ip is not installed (Debian package iproute2)";
            using var process = Process.Start(new ProcessStartInfo(ip, arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? null
                : $"network namespaces are not allowed here (\"ip {string.Join(' ', arguments)}\": {errors.Trim()})";
        }
        catch (Win32Exception e)
        {
            return $"ip cannot be run: {e.Message}";
        }
    }
}
