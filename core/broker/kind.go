package broker

// Kind is what stands behind a source or a target.
type Kind uint8

// The kinds.
const (
	KindClient Kind = iota
	KindRouter
	KindGateway
	KindLeaf
	KindService // inside this process: JetStream, system services, ...
	kinds
)

// reaches says which kind of source may reach which kind of target: a message
// that came from another server of the cluster or over a gateway is never sent
// on to a third server (one hop), everything else goes everywhere.
var reaches = [kinds][kinds]bool{
	KindClient:  {KindClient: true, KindRouter: true, KindGateway: true, KindLeaf: true, KindService: true},
	KindRouter:  {KindClient: true, KindLeaf: true, KindService: true},
	KindGateway: {KindClient: true, KindLeaf: true, KindService: true},
	KindLeaf:    {KindClient: true, KindRouter: true, KindGateway: true, KindLeaf: true, KindService: true},
	KindService: {KindClient: true, KindRouter: true, KindGateway: true, KindLeaf: true, KindService: true},
}

// queueRank orders the members of a queue group for a message of a source kind:
// a group's members of the lowest rank are used while any of them accepts
// (client protocol, queue groups). Messages of clients and services are spread
// over all ordinary members of the cluster; what came from elsewhere stays with
// local members.
func queueRank(source, target Kind) int {
	switch {
	case target == KindClient || target == KindService:
		return 0
	case target == KindRouter && (source == KindClient || source == KindService):
		return 0
	case target == KindLeaf:
		return 1
	default:
		return 2
	}
}

// worstRank is the highest rank queueRank answers.
const worstRank = 2
