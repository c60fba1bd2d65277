namespace MnistApi.OpenInference;

/// <summary>The protocol's element types; <see cref="Datatypes.Name"/> has their names on the wire.</summary>
internal enum Datatype
{
    Bool,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp16,
    Fp32,
    Fp64,
    Bytes,
}

internal static class Datatypes
{
    private static readonly (string Name, int Size)[] s_all =
    [
        ("BOOL", 1),
        ("UINT8", 1),
        ("UINT16", 2),
        ("UINT32", 4),
        ("UINT64", 8),
        ("INT8", 1),
        ("INT16", 2),
        ("INT32", 4),
        ("INT64", 8),
        ("FP16", 2),
        ("FP32", 4),
        ("FP64", 8),
        ("BYTES", 0),
    ];

    /// <summary>All names, for errors and the document.</summary>
    public static IEnumerable<string> Names => s_all.Select(type => type.Name);

    public static string Name(this Datatype datatype) => s_all[(int)datatype].Name;

    /// <summary>Bytes of one element; 0 for BYTES, whose elements bring their own length.</summary>
    public static int Size(this Datatype datatype) => s_all[(int)datatype].Size;

    public static bool IsFloat(this Datatype datatype) => datatype is Datatype.Fp16 or Datatype.Fp32 or Datatype.Fp64;

    public static bool TryParse(string? name, out Datatype datatype)
    {
        var index = Array.FindIndex(s_all, type => type.Name == name);
        datatype = (Datatype)Math.Max(index, 0);
        return index >= 0;
    }
}
