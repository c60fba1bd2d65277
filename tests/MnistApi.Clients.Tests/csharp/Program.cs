// What NSwag made of the document, used against the running service: Client.cs is generated beside this file.
using Generated;

using var http = new HttpClient();
var client = new MnistClient(http) { BaseUrl = args[0] };
var pixels = Enumerable.Range(0, 784).Select(i => i % 28 == 14 && i is >= 112 and < 672 ? 255 : 0).ToArray(); // a one

var model = await client.ModelAsync();
Expect(model.Architecture == "784-50-100-10" && model.Layers.Count == 3, "model");

var infer = await client.InferAsync("mnist", null, new InferRequest
{
    Inputs = [new InferInput { Name = "pixels", Datatype = InferInputDatatype.UINT8, Shape = [1, 784], Data = [.. pixels.Cast<object>()] }],
    Outputs = [new InferRequestedOutput { Name = "digit" }],
});
Expect(infer.Outputs.Single().Data.Single().ToString() == "1", "infer");

var served = await client.ServingPredictAsync("mnist", new ServingPredictRequest { Instances = [pixels] });
Expect(served.Predictions.Single().Count == 10, "serving");
Console.WriteLine("csharp: well");

static void Expect(bool isSo, string what)
{
    if (!isSo)
        throw new InvalidOperationException(what);
}
