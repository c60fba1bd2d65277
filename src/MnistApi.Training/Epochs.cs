using System.Numerics.Tensors;
using MnistApi.Inference;

namespace MnistApi.Training;

/// <summary>
/// One network's training, an epoch at a time: <see cref="Muon"/> for narrow hidden layers, <see cref="Adam"/>
/// for the others, the step size along half a cosine. Threads share out pictures, then rows of weights; no sum
/// depends on who did what, so neither do the weights on the number of cores.
/// </summary>
internal sealed class Epochs
{
    private const int RowsAtATime = 4 * MatrixProduct.TileRows;
    private const int Outputs = MnistImage.Classes;

    private readonly TrainingPictures _pictures;
    private readonly NetworkOptions _options;
    private readonly int _batch;
    private readonly int _seed;
    private readonly float _mixing;
    private readonly Backpropagation _pass;
    private readonly Backpropagation? _teacher;
    private readonly float[] _targets;
    private readonly float[] _losses;
    private readonly float[][] _gradient;
    private readonly (int Layer, int First, int Rows)[] _blocks; // of weights

    /// <param name="pictures">What to learn.</param>
    /// <param name="options">The network and its schedule.</param>
    /// <param name="batch">Pictures a step.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <param name="teacher">A trained network whose probabilities are the targets, or null.</param>
    /// <param name="mixing">The share of the pictures that are blended with another
    /// one; only a teacher knows the right answer to them.</param>
    public Epochs(TrainingPictures pictures, NetworkOptions options, int batch, int seed, Parameters? teacher, float mixing)
    {
        _pictures = pictures;
        _options = options;
        (_batch, _seed, _mixing) = (batch, seed, mixing);
        Parameters = new Parameters([MnistImage.Pixels, .. options.Hidden, Outputs]);
        Adam = new Adam(Parameters);
        Muon = [.. Enumerable.Range(0, options.Hidden.Count)
            .Where(layer => options.Hidden[layer] <= Training.Muon.MaxUnits)
            .Select(layer => new Muon(Parameters, layer))];
        var random = new RandomStream(seed);
        Parameters.Initialize(ref random);
        var rows = MatrixProduct.PadRows(batch);
        _pass = new Backpropagation(Parameters, rows);
        _teacher = teacher is null ? null : new Backpropagation(teacher, rows, _pass.Inputs);
        _targets = new float[rows * Outputs];
        _losses = new float[rows];
        _gradient = [.. Enumerable.Range(0, Parameters.Layers).Select(layer => new float[Parameters.Layer(layer).Length])];
        _blocks = [.. from layer in Enumerable.Range(0, Parameters.Layers)
                      from block in Enumerable.Range(0, (Parameters.Rows(layer) + RowsAtATime - 1) / RowsAtATime)
                      select (layer, block * RowsAtATime, Math.Min(RowsAtATime, Parameters.Rows(layer) - block * RowsAtATime))];
    }

    public int Count => _options.Epochs;

    public float LearningRate => _options.LearningRate;

    public Parameters Parameters { get; }

    public Adam Adam { get; }

    public Muon[] Muon { get; }

    /// <summary>Runs one epoch, counted from 1; returns the mean loss.</summary>
    public double Run(int epoch, CancellationToken cancellation)
    {
        foreach (var (layer, first, rows) in _blocks)
            _pass.Transpose(layer, first, rows);
        var order = _pictures.Order(epoch);
        var stepsAnEpoch = (order.Length + _batch - 1) / _batch;
        var step = (long)(epoch - 1) * stepsAnEpoch;
        double loss = 0;
        for (var first = 0; first < order.Length; first += _batch, step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = order.AsMemory(first, Math.Min(_batch, order.Length - first));
            var rows = MatrixProduct.PadRows(batch.Length);
            Parallel.For(0, (rows + RowsAtATime - 1) / RowsAtATime, part =>
                Propagate(batch.Span, epoch, part * RowsAtATime, Math.Min(RowsAtATime, rows - part * RowsAtATime)));
            var rate = _options.LearningRate * (1 + MathF.Cos(MathF.PI * step / ((long)stepsAnEpoch * _options.Epochs))) / 2;
            Adam.Begin(step + 1, rate);
            Parallel.ForEach(_blocks, block => Update(block.Layer, block.First, block.Rows, batch.Length));
            Parallel.ForEach(Muon, muon => Update(muon, rate));
            loss += TensorPrimitives.Sum<float>(_losses.AsSpan(0, batch.Length));
        }
        return loss / order.Length;
    }

    /// <summary>Some of a batch's pictures, from the paper to the deltas.</summary>
    private void Propagate(ReadOnlySpan<int> batch, int epoch, int first, int rows)
    {
        for (var row = first; row < Math.Min(first + rows, batch.Length); row++)
            _pictures.Draw(batch[row], epoch, _pass.Input(row), _targets.AsSpan(row * Outputs, Outputs));
        if (_teacher is not null)
            Mix(batch, epoch, first, Math.Min(first + rows, batch.Length) - 1);
        _pass.Forward(first, rows);
        if (_teacher is not null)
        {
            _teacher.Forward(first, rows);
            for (var row = first; row < first + rows; row++)
                _teacher.Output(row).CopyTo(_targets.AsSpan(row * Outputs, Outputs));
        }
        _pass.Backward(first, rows, _targets);
        for (var row = first; row < first + rows; row++)
            _losses[row] = Loss(_pass.Output(row), _targets.AsSpan(row * Outputs, Outputs));
    }

    /// <summary>Blends some pictures with the next one: what the teacher answers between two digits
    /// shows the network more of what it knows (Beyer and others 2022).</summary>
    private void Mix(ReadOnlySpan<int> batch, int epoch, int first, int last)
    {
        for (var row = first; row < last; row++)
        {
            var random = new RandomStream(_seed, -1, epoch, batch[row]); // another stream than the picture's own
            if (random.Uniform() < _mixing)
                TensorPrimitives.Lerp(_pass.Input(row), _pass.Input(row + 1), random.Uniform(), _pass.Input(row));
        }
    }

    private void Update(int layer, int first, int rows, int pictures)
    {
        var stride = Parameters.Stride(layer + 1);
        var gradient = _gradient[layer].AsSpan(first * stride, rows * stride);
        gradient.Clear();
        _pass.AddGradient(layer, first, rows, pictures, gradient);
        TensorPrimitives.Divide(gradient, pictures, gradient);
        if (Muon.Any(muon => muon.Layer == layer))
            return; // it needs the whole gradient
        Adam.Step(layer, first * stride, Parameters.Layer(layer), gradient);
        _pass.Transpose(layer, first, rows);
    }

    private void Update(Muon muon, float rate)
    {
        muon.Step(Parameters.Layer(muon.Layer), _gradient[muon.Layer], rate);
        _pass.Transpose(muon.Layer, 0, Parameters.Rows(muon.Layer));
    }

    /// <summary>Cross-entropy in nats.</summary>
    private static float Loss(ReadOnlySpan<float> y, ReadOnlySpan<float> target)
    {
        var loss = 0f;
        for (var i = 0; i < y.Length; i++)
            loss -= target[i] * MathF.Log(MathF.Max(y[i], 1e-30f));
        return loss;
    }
}
