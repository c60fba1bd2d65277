using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>For each framework the line of Python that saves what is read here.</summary>
internal static class WaysIn
{
    public const string Torch = """save the state_dict: torch.save(model.state_dict(), "w.pt")""";
    public const string Keras = """save the arrays: numpy.savez("w.npz", *model.get_weights())""";
    public const string TensorFlow = "python -m tf2onnx.convert --saved-model DIR --output w.onnx";
    public const string Numpy = """save the arrays: numpy.savez("w.npz", W1=W1, b1=b1, W2=W2, b2=b2)""";
    public const string Onnx = """torch.onnx.export(model, torch.zeros(1, 784), "w.onnx"), tf2onnx or skl2onnx""";

    public const string ScikitLearn = """save the arrays: numpy.savez("w.npz", *sum(zip(model.coefs_, model.intercepts_), ()))""";

    /// <summary>What is said of a file that is none of those read.</summary>
    public static string For(ReadOnlySpan<byte> file) => $"this is {FileKinds.Describe(file)}, " + FileKinds.Of(file) switch
    {
        FileKind.OldTorch => """load it and save it again with PyTorch 1.6 or later: torch.save(torch.load("old.pt"), "w.pt")""",
        FileKind.Npy => $"one array and not a network's; {Numpy}",
        FileKind.Hdf5 => $"which is not read; in Keras {Keras}",
        FileKind.Zlib => $"which is not read; {ScikitLearn}",
        FileKind.Mat => """which is not read; m = scipy.io.loadmat("w.mat"), then numpy.savez("w.npz", W1=m["W1"], b1=m["b1"])""",
        FileKind.R => "which is not read; write.csv each matrix in R, numpy.loadtxt it in Python and numpy.savez them all",
        FileKind.TensorFlow => $"which is not read; in Keras {Keras}, or {TensorFlow}",
        FileKind.Json => $"which is not read; in Python numpy.array(...) each matrix and {Numpy}",
        FileKind.Unknown => $"expected numpy's .npz or pickle, PyTorch's .pt, safetensors or ONNX; {Numpy}",
        _ => "not weights",
    };

    /// <summary>For a pickle that asks for a module: what it evidently holds, with a semicolon before it, or nothing.</summary>
    public static string ForModule(string module) => module.Split('.')[0] switch
    {
        "joblib" or "sklearn" => $"; it holds a scikit-learn model: {ScikitLearn}",
        "torch" or "__torch__" or "torchvision" => $"; it holds a whole model: {Torch}",
        "keras" or "tensorflow" => $"; it holds a Keras model: {Keras}",
        "__main__" => $"; it holds an object of a class: {Torch}, or {Numpy}",
        _ => "",
    };
}
