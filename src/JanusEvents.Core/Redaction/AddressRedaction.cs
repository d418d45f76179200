namespace JanusEvents;

/// <summary>How an address is redacted: <see cref="RedactionOptions.Addresses"/>.</summary>
public enum AddressRedaction
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>
    /// Its last part becomes zero: of <c>198.51.100.7</c> stays <c>198.51.100.0</c> (24 bits), of <c>2001:db8:1:2::3</c>
    /// stays <c>2001:db8:1::</c> (48 bits; 40 of a 6to4 address, which holds an IPv4 address), of an mDNS name
    /// <c>***.local</c>.
    /// </summary>
    Mask,

    /// <summary>
    /// It becomes <c>addr-</c> and the first 64 bits, in hexadecimal, of its HMAC-SHA256 with
    /// <see cref="RedactionOptions.AddressKey"/>: the same for the same address in whatever form it is written.
    /// </summary>
    Hash,
}
