// node dimse.js WISH: a scanner, viewer or server made of dcmjs-dimse. WISH is JSON; what became of it is a line of
// JSON on standard output. A server runs until it is killed.
'use strict';

const fs = require('fs');
const path = require('path');
const { Writable } = require('stream');
const dimse = require('dcmjs-dimse');
const { requests, responses, constants } = dimse;
const { PresentationContextResult, SopClass, Status, TransferSyntax } = constants;

dimse.log.setLevel('warn');
const wish = JSON.parse(process.argv[2]);

// Both sides show a certificate and ask for one.
function tlsOptions() {
  if (!wish.tls) return {};
  const { key, certificate, authorities } = wish.tls;
  return {
    securityOptions: {
      key: fs.readFileSync(key),
      cert: fs.readFileSync(certificate),
      ca: fs.readFileSync(authorities),
      requestCert: true,
      rejectUnauthorized: true,
    },
  };
}

function fileOf(uid) {
  return path.join(wish.folder, `${uid}.dcm`);
}

// An element of the file meta information, whose VR has a length of 16 bits.
function metaElement(element, vr, value) {
  const header = Buffer.from([2, 0, element, 0, vr.charCodeAt(0), vr.charCodeAt(1), 0, 0]);
  const padded = value.length % 2 ? Buffer.concat([value, Buffer.alloc(1)]) : value;
  header.writeUInt16LE(padded.length, 6);
  return Buffer.concat([header, padded]);
}

// A file with the data set as it came: dcmjs would write it anew, without private elements.
function keepBytes(uid, sopClass, syntax, bytes) {
  const meta = Buffer.concat([
    metaElement(2, 'UI', Buffer.from(sopClass)),
    metaElement(3, 'UI', Buffer.from(uid)),
    metaElement(0x10, 'UI', Buffer.from(syntax)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const before = [Buffer.alloc(128), Buffer.from('DICM'), metaElement(0, 'UL', length), meta];
  fs.writeFileSync(fileOf(uid), Buffer.concat([...before, bytes]));
}

function succeeded(Response, request) {
  const response = Response.fromRequest(request);
  response.setStatus(Status.Success);
  return response;
}

// A step that it was told to create may be set; all others are unknown.
const created = new Set();

class Server extends dimse.Scp {
  associationRequested(association) {
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      const native = [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];
      const taken = native.find((syntax) => context.getTransferSyntaxUids().includes(syntax));
      if (taken) context.setResult(PresentationContextResult.Accept, taken);
      else context.setResult(PresentationContextResult.RejectTransferSyntaxesNotSupported);
    }
    this.sendAssociationAccept();
  }

  createStoreWritableStream(context, request) {
    const pieces = [];
    const stream = new Writable({ write: (piece, _, done) => (pieces.push(Buffer.from(piece)), done()) });
    return Object.assign(stream, { pieces, request });
  }

  createDatasetFromStoreWritableStream({ pieces, request }, context, take) {
    const uid = request.getAffectedSopInstanceUid();
    keepBytes(uid, request.getAffectedSopClassUid(), context.getAcceptedTransferSyntaxUid(), Buffer.concat(pieces));
    take(new dimse.Dataset({ SOPInstanceUID: uid }));
  }

  cEchoRequest(request, answer) {
    answer(succeeded(responses.CEchoResponse, request));
  }

  cStoreRequest(request, answer) {
    answer(succeeded(responses.CStoreResponse, request));
  }

  cFindRequest(request, answer) {
    const match = responses.CFindResponse.fromRequest(request);
    match.setDataset(new dimse.Dataset({ PatientName: 'VIVALDI^ANTONIO' }));
    match.setStatus(Status.Pending);
    answer([match, succeeded(responses.CFindResponse, request)]);
  }

  nCreateRequest(request, answer) {
    const uid = request.getAffectedSopInstanceUid();
    const response = responses.NCreateResponse.fromRequest(request);
    response.setStatus(created.has(uid) ? Status.DuplicateSOPInstance : Status.Success);
    created.add(uid);
    answer(response);
  }

  nSetRequest(request, answer) {
    const response = responses.NSetResponse.fromRequest(request);
    const known = created.has(request.getRequestedSopInstanceUid());
    response.setStatus(known ? Status.Success : Status.NoSuchObjectInstance);
    answer(response);
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

function serve() {
  const server = new dimse.Server(Server);
  server.on('networkError', (error) => console.error(String(error)));
  server.listen(wish.port, tlsOptions());
}

const attributes = { PerformedProcedureStepStatus: 'IN PROGRESS', PatientName: 'VIVALDI^ANTONIO' };

function aboutStep(Request) {
  const request = new Request(SopClass.ModalityPerformedProcedureStep, wish.step);
  request.setDataset(new dimse.Dataset(attributes));
  return request;
}

const asked = {
  echo: () => [new requests.CEchoRequest()],
  store: () => wish.files.map((file) => new requests.CStoreRequest(file)),
  find: () => [requests.CFindRequest.createSeriesFindRequest({ StudyInstanceUID: wish.study, SeriesInstanceUID: '' })],
  move: () => [requests.CMoveRequest.createStudyMoveRequest(wish.destination, wish.study)],
  get: () => [requests.CGetRequest.createStudyGetRequest(wish.study)],
  create: () => [aboutStep(requests.NCreateRequest)],
  set: () => [aboutStep(requests.NSetRequest)],
};

function call() {
  const statuses = [];
  const client = new dimse.Client();
  for (const request of asked[wish.what]()) {
    request.on('response', (response) => statuses.push(response.getStatus()));
    client.addRequest(request);
  }
  client.on('cStoreRequest', (request, answer) => {
    const dataset = request.getDataset();
    dataset.toFile(fileOf(dataset.getElement('SOPInstanceUID')));
    answer(succeeded(responses.CStoreResponse, request));
  });
  client.on('networkError', (error) => {
    console.error(String(error));
    process.exitCode = 1;
  });
  client.on('closed', () => console.log(JSON.stringify(statuses)));
  client.send('127.0.0.1', wish.port, wish.calling, wish.called, tlsOptions());
}

if (wish.what === 'serve') serve();
else call();
